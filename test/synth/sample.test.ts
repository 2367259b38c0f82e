import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { sampleEnvironments } from '../../scripts/sample-environments.js';
import { emit } from '../../src/synth/emit.js';
import { define, definition } from '../../src/synth/serialize.js';
import { packageDirectory } from './builders.js';

const sample = sampleEnvironments();
const committed = new Map(
  readdirSync(join(packageDirectory, 'environments'), { recursive: true, encoding: 'utf8' })
    .map((path) => join('environments', path))
    .filter((path) => statSync(join(packageDirectory, path)).isFile())
    .map((path) => [path, readFileSync(join(packageDirectory, path), 'utf8')]),
);
const documents = [...sample]
  .filter(([path]) => path.endsWith('.yaml'))
  .flatMap(([path, text]) => text.split(/^---\n/m).map((document) => [path, document] as const));

describe('the committed sample', () => {
  test('is what the charts give now (`npm run sample` writes it anew)', () => {
    expect(Object.fromEntries(committed)).toEqual(Object.fromEntries(sample));
  });

  test.each(documents)('%s is written without the slow path, as the definition writes it', (_, text) => {
    const data: unknown = parseAllDocuments(text)[0]?.toJS();
    expect(emit(data, definition)).toEqual({ text });
    expect(define(data)).toBe(text);
  });

  test('differs between its two environments by name, commit, and what was asked for alone', () => {
    const names = [...sample.keys()].map((path) => path.split('/').slice(2));
    const own = (environment: string): readonly string[] =>
      names.filter(([first]) => first === environment).map((parts) => parts.slice(1).join('/'));
    expect(own('pr-57').filter((path) => !own('pr-42').includes(path))).toEqual(['manifests/mailer.yaml']);
    const web = (environment: string): string | undefined =>
      sample.get(`environments/shop/${environment}/manifests/web.yaml`);
    expect(
      web('pr-57')
        ?.replaceAll('9f8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c', '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d')
        .replaceAll('pr-57', 'pr-42'),
    ).toBe(web('pr-42'));
  });
});
