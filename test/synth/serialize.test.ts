import { describe, expect, test } from '@jest/globals';
import { Yaml } from 'cdk8s';
import fc from 'fast-check';
import { parse } from 'yaml';
import type { Manifest } from '../../src/model/manifest.js';
import { emit, type SlowReason } from '../../src/synth/emit.js';
import { definition, serialize } from '../../src/synth/serialize.js';

const tokens = [
  'y',
  'N',
  'yes',
  'No',
  'TRUE',
  'off',
  'null',
  'Null',
  '~',
  '=',
  '<<',
  '',
  ' ',
  'a ',
  ' a',
  'a: b',
  'a:b',
  'a:',
  ':a',
  'a #b',
  'a#b',
  '- a',
  '-',
  '--',
  '---',
  '...',
  '%a',
  '?',
  '? a',
  '!tag',
  '&a',
  '*a',
  '|',
  '>',
  '@a',
  '`a',
  '{{ .name }}',
  '[a]',
  '{a}',
  ',',
  'a,b',
  '0',
  '1',
  '42',
  '012',
  '08',
  '1_000',
  '0x1F',
  '0X1F',
  '0o17',
  '0b11',
  '-0o7',
  '+1',
  '1.5',
  '.5',
  '1e3',
  '019e3779',
  '01171560',
  'e1234567',
  '.inf',
  '.NaN',
  '1:30',
  '2026-11-25',
  '2026-11-25T10:04:05Z',
  '12:30:45',
  "it's",
  '"quoted"',
  `'both" ones`,
  'back\\slash',
  'tab\tinside',
  'line\nbreak',
  'line\nbreak\n',
  'end\n\n',
  '\nstart',
  ' indented\nfirst',
  'a\n  b\n c',
  'trailing \nspace',
  'blank\n\nline',
  'a\n \nb',
  'a\n---\nb',
  'a\n...',
  'a\n%b',
  'x\u2028y',
  'a\u2028---',
  'nb\u00a0sp',
  'é',
  '日本',
  '😀',
  '\ud800',
  '\u0000',
  '\u0007',
  '\u0085',
  '\ufeff',
  'a\r\nb',
  '\r',
  'ghcr.io/acme/shop-api:1a2b3c4',
  '/healthz',
  'apps/v1',
  '500m',
  '256Mi',
  '10.0.0.0/8',
  '::/0',
  'app.kubernetes.io/name',
  'word '.repeat(40),
  'x'.repeat(1200),
  '#!/bin/sh\nset -eu\necho done\n',
  'key: value\nother: [1, 2]\n',
  '__proto_',
  'a  b',
  'a : b',
  'a::b',
];
const text = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...tokens) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(...tokens), fc.constantFrom(...tokens)).map((pair) => pair.join('')),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(...tokens), fc.constantFrom(...tokens)).map((pair) => pair.join('\n')),
  },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  { weight: 2, arbitrary: fc.string({ maxLength: 20 }) },
);
/** Refused, not written: a test of its own. */
const key = text.filter((each) => each !== '__proto__');
const scalar = fc.oneof(
  { weight: 6, arbitrary: text },
  { weight: 2, arbitrary: fc.constantFrom(true, false, null, 0, 1, -7, 8080, 2 ** 53, -0, 1.5, 1e21, 1e-7) },
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'value' },
    { weight: 5, arbitrary: scalar },
    { weight: 3, arbitrary: fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }) },
    { weight: 3, arbitrary: fc.array(tie('value'), { maxLength: 4 }) },
  ),
}));
const document = fc.dictionary(key, value, { minKeys: 1, maxKeys: 5, noNullPrototype: true });
const asManifest = (data: unknown): Manifest => data as Manifest;

describe('the fast serializer', () => {
  test('writes the bytes of cdk8s for 10,000 nasty documents', () => {
    fc.assert(
      fc.property(document, (data) => {
        expect(serialize([asManifest(data)])).toBe(Yaml.stringify(data));
      }),
      { numRuns: 10_000, seed: 20_261_125 },
    );
  });

  test('writes the bytes of cdk8s for fresh documents, and joins them as it does', () => {
    fc.assert(
      fc.property(fc.array(document, { minLength: 1, maxLength: 3 }), (documents) => {
        expect(serialize(documents.map(asManifest))).toBe(Yaml.stringify(...documents));
        expect(serialize(documents.map(asManifest), 'reference')).toBe(Yaml.stringify(...documents));
      }),
      { numRuns: 500 },
    );
  });

  test('covers a large share of them without the definition', () => {
    const documents = fc.sample(document, { numRuns: 500, seed: 7 });
    const fast = documents.filter((data) => 'text' in emit(data, definition));
    expect(fast.length).toBeGreaterThan(100);
  });

  const slow: readonly (readonly [SlowReason, unknown])[] = [
    ['number', { a: 1.5 }],
    ['number', { a: -0 }],
    ['number', { a: 2 ** 60 }],
    ['document marker', { a: '--- x' }],
    ['document marker', { a: 'one\n%two' }],
    ['document marker', { a: 'one\u2028...' }],
    ['document marker', { '---': 1 }],
    ['multi-line text', { a: 'bell\u0007\nline' }],
    ['multi-line text', { a: ' indented\nfirst' }],
    ['multi-line text', { a: 'two ends\n\n' }],
    ['multi-line text', { a: 'x\nspace \ny' }],
    ['key', { 'two\nlines': 1 }],
    ['key', { ['k'.repeat(1100)]: 1 }],
    ['not plain data', { a: new Date(0) }],
    ['not plain data', { a: undefined }],
    ['not plain data', {}],
  ];
  test.each(slow)('leaves a document to the definition: %s, %j', (reason, data) => {
    expect(emit(data, definition)).toEqual({ slow: reason });
    expect(serialize([asManifest(data)])).toBe(Yaml.stringify(data));
  });

  test('is read back as it was by YAML 1.1, and by 1.2 where it has no number look-alikes', () => {
    const honest = text.filter(
      (each) =>
        !/^[-+]?0[obx][0-9a-f_]+$/i.test(each) &&
        each !== '__proto__' &&
        each !== '<<' &&
        !/[\ud800-\udfff\ufeff]/u.test(each),
    );
    const data = fc.dictionary(honest, fc.oneof(honest, fc.array(honest, { maxLength: 3 })), {
      minKeys: 1,
      maxKeys: 4,
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(data, (map) => {
        const written = serialize([asManifest(map)]);
        expect(parse(written, { version: '1.1', merge: false })).toEqual(map);
        expect(parse(written, { version: '1.2' })).toEqual(map);
      }),
      { numRuns: 1000, seed: 42 },
    );
  });

  test('refuses a key that would change a prototype', () => {
    const data = JSON.parse('{"metadata": {"__proto__": 1}}') as Manifest;
    expect(() => serialize([data])).toThrow(expect.objectContaining({ code: 'InvalidManifest' }));
  });
});
