import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { sampleEnvironment } from '../../charts/constructs/index.js';
import { Blog, Examples } from './examples.js';
import { namesOf } from './views.js';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

const dedent = (code: string): string => {
  const indent = /^ */.exec(code)?.[0] ?? '';
  return code.replaceAll(new RegExp(`^${indent}`, 'gm'), '').trim();
};

describe('docs/constructs.md', () => {
  const shown = [...read('docs/constructs.md').matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code.trim());
  const compiled = [...read('test/charts/examples.ts').matchAll(/^ *\/\/ [A-Z].*?\n(.*?)^ *\/\/ end$/gms)].map(
    ([, code = '']) => dedent(code),
  );

  test('shows the examples that are compiled', () => {
    expect(shown.length).toBeGreaterThan(5);
    expect([...shown].sort()).toEqual([...compiled].sort());
  });

  test('shows examples that run', () => {
    const image = 'ghcr.io/acme/app:1.0.0';
    const images = { api: image, web: image, seed: image };
    expect(namesOf(Blog.synthesize(sampleEnvironment({ application: 'blog', images })))).toEqual(['database', 'web']);
    const examples = Examples.synthesize(sampleEnvironment({ images, preset: 'demo' }));
    expect(namesOf(examples)).toEqual(examples.known);
    expect(examples.known).toEqual([
      'database',
      'ledger',
      'bookkeeper',
      'api',
      'web',
      'mailer',
      'search-index',
      'bucket',
    ]);
  });
});
