import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleEnvironment } from 'bivouac/charts';
import { Hello } from './hello.js';

const { components } = Hello.synthesize(
  sampleEnvironment({ application: 'hello', pullRequest: '7', images: { web: 'ghcr.io/acme/hello:1' } }),
);

void test('an environment has a page and a database', () => {
  assert.deepEqual(components.map(({ name }) => name).sort(), ['database', 'web']);
});

void test('the page runs the pull request’s image and knows its database', () => {
  const web = JSON.stringify(components.find(({ name }) => name === 'web'));
  assert.match(web, /ghcr\.io\/acme\/hello:1/);
  assert.match(web, /postgres:\/\/app@database:5432/);
});
