import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  lifetimeBounds,
  parseDuration,
  printDuration,
  readDuration,
  timeoutBounds,
} from '../../src/config/duration.js';
import {
  assertNoCdk8sVariables,
  flagVariable,
  gitEnvironment,
  gitRungOf,
  isCi,
  readEnvironment,
  secretsOf,
  secretValues,
  serializerOf,
} from '../../src/config/environment.js';
import { compileGlobs } from '../../src/model/glob.js';
import { isBivouacError } from '../../src/model/errors.js';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const valueOrCode = (text: string): number | string => {
  try {
    return parseDuration(text);
  } catch (error) {
    if (isBivouacError(error)) return error.code;
    throw error;
  }
};

describe('durations', () => {
  test.each([
    ['30m', 30 * minute],
    ['72h', 3 * day],
    ['7d', 7 * day],
    ['2w', 14 * day],
    ['1d12h', 36 * hour],
    ['P3D', 3 * day],
    ['PT72H', 3 * day],
    ['P1DT12H', 36 * hour],
    ['P2W', 14 * day],
  ])('%s', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  test.each([
    '10',
    '',
    '1h 30x',
    '-3d',
    '1.5h',
    '3 d',
    '12h1d',
    '1h1h',
    'P',
    'PT',
    'P1M',
    'P1Y',
    'P1DT',
    '3D',
    '١h',
    '1e3s',
    '9999999h',
  ])('none: %j', (text) => {
    expect(() => parseDuration(text)).toThrow(expect.objectContaining({ code: 'InvalidDuration', class: 'UserError' }));
  });

  test('keep their bounds', () => {
    expect(() => parseDuration('4m59s')).toThrow('out of range');
    expect(() => parseDuration('7')).toThrow(expect.objectContaining({ remedy: 'Write 7d.' }));
    expect(() => parseDuration('100')).toThrow(expect.objectContaining({ remedy: 'Write 100h.' }));
    expect(() => parseDuration('15', timeoutBounds, '--timeout')).toThrow(
      expect.objectContaining({ remedy: 'Write 15m.', where: '--timeout' }),
    );
    expect(() => parseDuration('0m', timeoutBounds, '--timeout')).toThrow(
      expect.objectContaining({ where: '--timeout', remedy: 'Give something from 1s to 1d.' }),
    );
    expect(() => parseDuration('90d1s')).toThrow('out of range');
    expect(parseDuration('5m')).toBe(lifetimeBounds.least);
    expect(parseDuration('90d')).toBe(lifetimeBounds.most);
    expect(parseDuration('30s', timeoutBounds)).toBe(30_000);
  });

  test('are printed as they are read', () => {
    expect([7 * day, 36 * hour, 61_000, 0, 999].map(printDuration)).toEqual(['7d', '1d12h', '1m1s', '0s', '0s']);
    fc.assert(
      fc.property(fc.integer({ min: 300, max: 90 * 86_400 }), (seconds) => {
        expect(parseDuration(printDuration(seconds * 1000))).toBe(seconds * 1000);
      }),
    );
  });

  test('both forms agree, and the parts add up', () => {
    fc.assert(
      fc.property(fc.tuple(...[1, 2, 3, 4, 5].map(() => fc.nat(999))), ([w = 0, d = 0, h = 0, m = 0, s = 0]) => {
        const expected = ((w * 7 + d) * 24 + h) * hour + m * minute + s * 1000;
        expect(readDuration(`${w}w${d}d${h}h${m}m${s}s`)).toBe(expected);
        expect(readDuration(`P${w}W${d}DT${h}H${m}M${s}S`)).toBe(expected);
      }),
    );
  });

  test('any text is a duration within bounds or a UserError', () => {
    const pieces = fc.constantFrom('1', '90', 'd', 'h', 'm', 'P', 'T', 'D', ' ', '-', '.', 'w', 's');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces, { maxLength: 6 }).map((list) => list.join('')),
        ),
        (text) => {
          const value = valueOrCode(text);
          if (value === 'InvalidDuration') return;
          expect(value).toBeGreaterThanOrEqual(lifetimeBounds.least);
          expect(value).toBeLessThanOrEqual(lifetimeBounds.most);
        },
      ),
    );
  });
});

test.each([
  ['**', 'a/b', true],
  ['main', 'main', true],
  ['main', 'mainline', false],
  ['release/*', 'release/1', true],
  ['release/*', 'release/1/2', false],
  ['shop/**', 'shop/a/b', true],
  ['*.ts', 'a/b.ts', false],
  ['**/*.ts', 'a/b/c.ts', true],
  ['a*b*c', 'a-b-c', true],
  ['a.c', 'abc', false],
  ['*a'.repeat(100), 'a'.repeat(150) + 'b', false],
])('%s matches %s: %s', (glob, text, expected) => {
  expect(compileGlobs([glob])(text)).toBe(expected);
});

describe('the environment', () => {
  const env = {
    CI: 'true',
    PATH: '/bin',
    HOME: '/root',
    https_proxy: 'http://proxy',
    GIT_TRACE: '1',
    GIT_DIR: '/x',
    SSH_AUTH_SOCK: '/agent',
    BIVOUAC_GITOPS_TOKEN: 'gitops-secret',
    BIVOUAC_GITHUB_TOKEN: '',
    GITHUB_TOKEN: 'github/secret',
    BIVOUAC_APP_ID: '1234567',
    BIVOUAC_PRIVATE_KEY: '-----BEGIN-----\nabcdefgh\n-----END-----\n',
    BIVOUAC_ARGOCD_TOKEN: 'abc',
  };

  test('is a frozen copy', () => {
    const copy = readEnvironment();
    expect(copy['PATH']).toBe(process.env['PATH']);
    expect(Object.isFrozen(copy)).toBe(true);
  });

  test('holds the secrets; empty ones are absent, ours come before the runner’s', () => {
    expect(secretsOf(env)).toEqual({
      gitopsToken: 'gitops-secret',
      githubToken: 'github/secret',
      argocdToken: 'abc',
      appId: '1234567',
      privateKey: env.BIVOUAC_PRIVATE_KEY,
    });
    expect(secretsOf({ ...env, BIVOUAC_GITHUB_TOKEN: 'own-token' }).githubToken).toBe('own-token');
    expect(secretsOf({})).toEqual({});
  });

  test.each(['gitops-secret\n', 'two words', 'x'.repeat(140_000), 'a\u001bb'])(
    'refuses a broken token without showing it: %j',
    (value) => {
      const run = (): unknown => secretsOf({ BIVOUAC_GITOPS_TOKEN: value });
      expect(run).toThrow(expect.objectContaining({ code: 'InvalidSecret', where: 'BIVOUAC_GITOPS_TOKEN' }));
      expect(run).not.toThrow(value);
    },
  );

  test.each(['"gitops-secret"', "'gitops-secret'"])('refuses a token in quotes without showing it: %s', (value) => {
    const run = (): unknown => secretsOf({ BIVOUAC_GITOPS_TOKEN: value });
    expect(run).toThrow(expect.objectContaining({ code: 'InvalidSecret', where: 'BIVOUAC_GITOPS_TOKEN' }));
    expect(run).toThrow('quotes');
    expect(run).not.toThrow('gitops-secret');
  });

  test.each(['BIVOUAC_WEBHOOK_SECRET', 'BIVOUAC_WEBHOOK_SECRET_PREVIOUS'])('refuses a short %s', (variable) => {
    const run = (value: string): unknown => secretsOf({ [variable]: value });
    expect(() => run('x'.repeat(15))).toThrow(
      expect.objectContaining({ code: 'InvalidSecret', where: variable, remedy: expect.stringContaining('openssl') }),
    );
    expect(Object.values(run('x'.repeat(16)) as object)).toEqual(['x'.repeat(16)]);
  });

  test('names all that must not be shown, longest first, nothing short', () => {
    const values = secretValues(env);
    expect(values).toEqual(expect.arrayContaining(['gitops-secret', 'github/secret', 'github%2Fsecret', 'abcdefgh']));
    expect(values).not.toContain('abc');
    expect(values).not.toContain('1234567');
    expect(values).toEqual([...values].sort((a, b) => b.length - a.length || (a < b ? -1 : 1)));
  });

  test('gives git what it needs and no more', () => {
    expect(gitEnvironment(env)).toEqual({ PATH: '/bin', https_proxy: 'http://proxy', SSH_AUTH_SOCK: '/agent' });
  });

  test('small questions', () => {
    expect(flagVariable('pull-request')).toBe('BIVOUAC_PULL_REQUEST');
    expect([env, {}, { CI: 'false' }, { CI: '1' }].map(isCi)).toEqual([true, false, false, true]);
    expect([{}, { BIVOUAC_SERIALIZER: 'reference' }].map(serializerOf)).toEqual(['fast', 'reference']);
    expect(() => serializerOf({ BIVOUAC_SERIALIZER: 'x' })).toThrow(
      expect.objectContaining({ code: 'InvalidVariable' }),
    );
    expect([{}, { BIVOUAC_GIT_RUNG: '' }, { BIVOUAC_GIT_RUNG: 'b' }].map(gitRungOf)).toEqual([
      undefined,
      undefined,
      'b',
    ]);
    expect(() => gitRungOf({ BIVOUAC_GIT_RUNG: 'A' })).toThrow(
      expect.objectContaining({ code: 'InvalidVariable', where: 'BIVOUAC_GIT_RUNG' }),
    );
    expect(() => assertNoCdk8sVariables(env)).not.toThrow();
    expect(() => assertNoCdk8sVariables({ CDK8S_LEGACY_HASH: '' })).toThrow(
      expect.objectContaining({ code: 'Cdk8sVariable', where: 'CDK8S_LEGACY_HASH' }),
    );
  });
});
