import { describe, expect, test } from '@jest/globals';
import { parseFamiliarName } from '@swimlane/docker-reference';
import fc from 'fast-check';
import { parseImage } from '../../src/model/image-reference.js';
import { parseQuantity, printQuantity } from '../../src/model/quantity.js';
import { change, environment, found, made, type Data, samples, violationsOf } from './samples.js';

describe('quantities', () => {
  test.each([
    ['1', 10n ** 9n],
    ['500m', 5n * 10n ** 8n],
    ['1.5Gi', 15n * 2n ** 30n * 10n ** 8n],
    ['2e3', 2000n * 10n ** 9n],
    ['1E', 10n ** 27n],
    ['1E2', 10n ** 11n],
    ['.5', 5n * 10n ** 8n],
    ['1.', 10n ** 9n],
    ['0.1n', 1n],
    ['-1Ki', -1024n * 10n ** 9n],
    ['100k', 10n ** 14n],
  ])('%s', (text, billionths) => {
    expect(parseQuantity(text)).toBe(billionths);
  });
  test.each([
    '',
    '1 Gi',
    '1gi',
    '1K',
    '1mi',
    'Gi',
    '1e',
    '1e999999999',
    '0x10',
    '1,5',
    '١',
    '1Gi1',
    '--1',
    'NaN',
    '9'.repeat(99),
  ])('%j is none', (text) => {
    expect(parseQuantity(text)).toBeUndefined();
  });
  test('every number is itself, in every unit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), (number) => {
        const one = parseQuantity(String(number)) ?? -1n;
        expect(parseQuantity(number)).toBe(one);
        expect(parseQuantity(`${number}k`)).toBe(one * 1000n);
        expect(parseQuantity(`${number}Ki`)).toBe(one * 1024n);
        expect(parseQuantity(`${number}e3`)).toBe(one * 1000n);
        expect((parseQuantity(`${number}m`) ?? 0n) * 1000n).toBe(one);
        expect(parseQuantity(printQuantity(one, 'cpu'))).toBe(one);
      }),
    );
  });
  test('never throws, and is a quantity exactly when the grammar says so', () => {
    const grammar = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2}|[KMGTPE]i|[numkMGTPE])?$/;
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789.+-eEKMGinumk '), maxLength: 12 }), (text) => {
        expect(parseQuantity(text) !== undefined).toBe(grammar.test(text));
      }),
    );
  });
});

describe('image references', () => {
  const hex = (length: number) =>
    fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
  const part = fc.stringMatching(/^[a-z0-9]{1,8}(?:(?:[._]|__|-{1,3})[a-z0-9]{1,4})?$/);
  const reference = fc
    .record({
      registry: fc.option(
        fc.constantFrom('ghcr.io', 'localhost', 'registry:5000', 'localhost:5000', 'docker.io', 'a-b.example.com'),
        { nil: undefined },
      ),
      path: fc.array(part, { minLength: 1, maxLength: 4 }),
      tag: fc.option(fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}$/), { nil: undefined }),
      digest: fc.option(hex(64), { nil: undefined }),
    })
    .map(({ registry, path, tag, digest }) =>
      [
        registry === undefined ? '' : `${registry}/`,
        path.join('/'),
        tag === undefined ? '' : `:${tag}`,
        digest === undefined ? '' : `@sha256:${digest}`,
      ].join(''),
    );

  test('valid ones are read as the port of distribution/reference reads them', () => {
    fc.assert(
      fc.property(reference, (text) => {
        const other = parseFamiliarName(text);
        expect(parseImage(text)).toEqual({
          registry: other.domain,
          repository: other.repository,
          ...(other.tag !== undefined && { tag: other.tag }),
          ...(other.digest !== undefined && { digest: other.digest }),
        });
      }),
    );
  });
  test('what that port refuses, this refuses', () => {
    // short: it never ends on forty letters and a `!`
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'aZ0.:/@_-!é '), maxLength: 12 }), (text) => {
        const refused = (() => {
          try {
            parseFamiliarName(text);
            return false;
          } catch {
            return true;
          }
        })();
        expect('defect' in parseImage(text) || !refused).toBe(true);
      }),
    );
  });
  test('hostile texts end at once', () => {
    for (const text of ['a'.repeat(400), 'a-'.repeat(200), 'a.'.repeat(200), 'a/'.repeat(200), 'a__'.repeat(130)])
      expect(parseImage(`${text}!`)).toHaveProperty('defect');
  });
});

describe('credentials', () => {
  const letters = 'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF';
  const bad: readonly (readonly [string, string])[] = [
    ['A', `ghp_${letters}aB3d5`],
    ['A', `github_pat_${letters}${letters}aB`],
    ['A', `glpat-${letters.slice(0, 20)}`],
    ['AWS_ACCESS_KEY_ID', 'AKIA' + 'IOSFODNN7EXAMPLF'.replace('7', 'Q')],
    ['A', `AIza${letters}abc`],
    ['A', `xoxb-123456789012-${letters}`],
    ['A', `sk_live_${letters}`],
    ['A', `npm_${letters}aB3d`],
    ['A', `SG.${letters.slice(0, 22)}.${letters}aB3dE6gH9jK`],
    ['A', `sk-ant-${letters}${letters}`],
    ['A', `hvs.${letters}`],
    ['A', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U'],
    ['A', `Authorization: Bearer ${letters}`],
    ['A', '-----BEGIN RSA PRIVATE KEY-----\nMIIE'],
    ['A', '-----BEGIN PRIVATE KEY-----'],
    ['A', '-----BEGIN OPENSSH PRIVATE KEY-----'],
    ['A', '-----BEGIN PGP PRIVATE KEY BLOCK-----'],
    ['DATABASE_URL', 'postgres://app:k3Jd92mPq7@db.example.com:5432/app'],
    ['A', 'https://user:8fj2Kd0sLq@github.com/acme/shop.git'],
    ['API_TOKEN', letters],
    ['DB_PASSWORD', 'k3Jd92mPq7vX4bN8'],
    ['SESSION_SECRET', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
    ['api-key', '550e8400-e29b-41d4-a716-446655440000'],
    ['clientSecret', `${letters.slice(0, 24)}`],
  ];
  const benign: readonly (readonly [string, string])[] = [
    ['LOG_LEVEL', 'info'],
    ['TOKEN_EXPIRY', '3600'],
    ['SECRET_NAME', 'shop-database-credentials-0123456789abcdef'],
    ['PASSWORD_FILE', '/run/secrets/password-0123456789abcdef'],
    ['TOKEN', '$(API_TOKEN_FROM_SECRET_1234)'],
    ['PASSWORD', '${DB_PASSWORD_0123456789}'],
    ['SESSION_SECRET', 'for-development-only-2024'],
    ['DATABASE_URL', 'postgres://app@database:5432/app'],
    ['DATABASE_URL', 'postgres://app:app@database:5432/app'],
    ['DATABASE_URL', 'postgres://app:$(PGPASSWORD)@database:5432/app'],
    ['DATABASE_URL', 'postgres://postgres:postgres@database/app'],
    ['GIT_COMMIT', '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d'],
    ['IMAGE', `ghcr.io/acme/shop@sha256:${'5f2d'.repeat(16)}`],
    ['ISSUER_TOKEN', 'https://login.example.com/oauth2/v2.0/token0123456789'],
    ['PUBLIC_KEY', `MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A${letters}`],
    ['CA', '-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkq'],
    ['KEY', '-----BEGIN PUBLIC KEY-----'],
    ['MAX_TOKEN', '123456789012345678901234'],
    ['TRACE_ID', '550e8400-e29b-41d4-a716-446655440000'],
    ['NOTE', 'the bearer token comes from the Secret'],
    ['SK', 'sk-learn-is-a-library-for-machine-learning'],
    ['URL', 'http://api:8080/path@v1.2.3'],
    ['CSS', 'npm_config_cache=/tmp/npm'],
    ['FEATURE_TOKEN', 'enabled'],
    ['PASSWORD', ''],
  ];
  const inVariable = ([name, value]: readonly [string, string]) =>
    environment({ deployment: change(samples.deployment, '/spec/template/spec/containers/0/env', [{ name, value }]) });

  test.each(bad)('%s = %s is found in a variable, and never repeated', (name, value) => {
    const violations = violationsOf(inVariable([name, value]));
    expect(found(violations)).toEqual(['no-credentials Deployment/api /spec/template/spec/containers/0/env/0/value']);
    expect(JSON.stringify(violations)).not.toContain(value.slice(-12));
  });
  test.each(benign)('%s = %s is none', (name, value) => {
    expect(found(violationsOf(inVariable([name, value])))).toEqual([]);
  });
  test('in arguments, annotations, ConfigMaps and their Base64', () => {
    const token = `ghp_${letters}aB3d5`;
    const violating = (sample: 'configMap' | 'deployment', at: string, to: unknown) =>
      found(violationsOf(environment({ [sample]: change(samples[sample], at, to) })));
    expect(violating('deployment', '/spec/template/spec/containers/0/args', ['--token', token])).toHaveLength(1);
    expect(violating('deployment', '/spec/template/spec/containers/0/args', [`--api-token=${letters}`])).toHaveLength(
      1,
    );
    expect(violating('deployment', '/metadata/annotations/note', token)).toHaveLength(1);
    expect(violating('configMap', '/data/app.env', `LEVEL=info\nAPI_TOKEN=${letters}\n`)).toEqual([
      'no-credentials ConfigMap/api /data/app.env',
    ]);
    expect(violating('configMap', '/data/app.yaml', `level: info\npassword: "${letters}"\n`)).toHaveLength(1);
    expect(violating('configMap', '/binaryData/key', btoa('-----BEGIN PRIVATE KEY-----'))).toEqual([
      'no-credentials ConfigMap/api /binaryData/key',
    ]);
  });
  test('what a SealedSecret holds is encrypted', () => {
    const sealed = (more: Data) => environment({}, [made('bitnami.com/v1alpha1', 'SealedSecret', { spec: more })]);
    expect(violationsOf(sealed({ encryptedData: { token: `AgB${letters}`, key: `glpat-${letters}` } }))).toEqual([]);
    expect(violationsOf(sealed({ template: { data: { key: `glpat-${letters}` } } }))).toHaveLength(1);
  });
});

describe('check never throws', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.constantFrom('', '-x', '../', '__proto__', 'a\0', '1e999', '=', '\ud800'),
  );
  const json = fc.letrec<{ any: unknown }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<unknown>(null, undefined, true, 0, -1, 1.5, NaN, [], {}),
      text,
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(text, tie('any'), { maxKeys: 3 }),
    ),
  })).any;

  test('on anything at all', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(Array.isArray(violationsOf(value))).toBe(true);
        expect(
          violationsOf([
            {
              name: 'api',
              manifests: [value, { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' }, spec: value }],
            },
          ]),
        ).not.toEqual([]);
      }),
    );
  });

  const pointers = (value: unknown, at = ''): readonly string[] =>
    typeof value === 'object' && value !== null
      ? [at, ...Object.entries(value).flatMap(([key, entry]) => pointers(entry, `${at}/${key.replaceAll('/', '~1')}`))]
      : [at];
  const extra = [
    made('gateway.networking.k8s.io/v1', 'HTTPRoute', {
      spec: {
        parentRefs: [{ name: 'a' }],
        hostnames: ['a'],
        rules: [{ backendRefs: [{ name: 'a' }], filters: [{ type: 'a' }] }],
      },
    }),
    made('route.openshift.io/v1', 'Route', {
      spec: { host: 'a', to: { kind: 'Service', name: 'a' }, alternateBackends: [{ name: 'b' }] },
    }),
    made('external-secrets.io/v1', 'ExternalSecret', {
      spec: {
        secretStoreRef: { name: 'a' },
        target: { manifest: {} },
        data: [{ sourceRef: { storeRef: {} } }],
        dataFrom: [{ sourceRef: { generatorRef: {} } }],
      },
    }),
    made('autoscaling/v2', 'HorizontalPodAutoscaler', {
      spec: { maxReplicas: 2, scaleTargetRef: { kind: 'Deployment', name: 'api' } },
    }),
    made('v1', 'PersistentVolumeClaim', {
      spec: { volumeName: 'a', resources: { requests: { storage: '1' } }, dataSourceRef: { namespace: 'b' } },
    }),
    made('bitnami.com/v1alpha1', 'SealedSecret', { spec: { template: { metadata: { namespace: 'a' } } } }),
  ];
  const targets = [...Object.values(samples), ...extra].flatMap((object) =>
    pointers(object)
      .filter((at) => at !== '')
      .map((at) => ({ object, at })),
  );
  test('on good objects with anything in any place', () => {
    fc.assert(
      fc.property(fc.constantFrom(...targets), json, ({ object, at }, value) => {
        const changed = change(object, at, value);
        for (const violation of violationsOf(environment({}, [changed])))
          expect(violation.message).not.toMatch(/[\r\n]/);
      }),
      { numRuns: 400 },
    );
  });
});
