import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import type { Config } from '../../src/config/config.js';
import { embeddedConfig } from '../../src/config/embedded.js';
import { findConfig, loadConfig, parseConfig } from '../../src/config/load.js';
import { parseOverride } from '../../src/config/override.js';
import { configJsonSchema, overrideJsonSchema } from '../../src/config/published.js';
import { applicationName, presetName } from '../../src/model/names.js';

const root = join(import.meta.dirname, '..', '..');
const fixture = (name: string): string => readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8');
const parsed = (text: string): Config =>
  parseConfig(text, { file: 'bivouac.yaml', directory: '/platform', readFrame: () => fixture('frame.yaml') });
const shop = applicationName('shop');
const day = 86_400_000;

describe('a complete configuration comes out of little', () => {
  const config = parsed(fixture('minimal.yaml'));

  test('every default of the contract', () => {
    const { applications, presets, file, directory, ...rest } = config;
    expect({ file, directory }).toEqual({ file: 'bivouac.yaml', directory: '/platform' });
    expect(rest).toEqual({
      gitops: { repository: 'https://github.com/acme/gitops.git', branch: 'main' },
      controller: { kind: 'argocd' },
      domain: 'preview.example.com',
      cluster: {
        name: 'in-cluster',
        exposure: { kind: 'ingress', class: '', tls: 'none', annotations: {} },
        ingressNamespace: 'ingress-system',
        imagePullSecrets: [],
        namespaceLabels: {},
        egress: [],
        frame: [],
      },
      limits: { total: 200, perRepository: 50, perAuthor: 5, removals: { percent: 20 } },
      policy: { images: 'pinned', podSecurity: 'restricted', kinds: [], secretStores: [] },
      feedback: { comment: true, deployment: 'shared', status: false },
      forge: { kind: 'github', url: 'https://github.com' },
    });
    expect([...applications.keys()]).toEqual(['shop']);
    expect(applications.get(shop)).toEqual({
      name: 'shop',
      chart: { file: '/platform/charts/shop.ts' },
      repositories: [{ name: 'acme/shop' }],
      images: {
        api: { template: 'ghcr.io/acme/shop-api:{headSha}' },
        web: { template: 'ghcr.io/acme/shop-web:{headSha}' },
        seed: { template: 'ghcr.io/acme/shop-seed:1.4.0' },
      },
      pullRequests: {
        label: 'optional',
        drafts: false,
        bots: false,
        forks: 'never',
        charts: 'repository',
        baseBranches: ['**'],
        paths: ['**'],
      },
      variables: {},
      overrides: { components: true, variables: [], lifetime: 14 * day, keep: true, presets: ['pull-request'] },
    });
    expect([...presets.values()].map(({ name, prefix, lifetime }) => [name, prefix, (lifetime ?? 0) / day])).toEqual([
      ['pull-request', 'pr', 7],
      ['benchmark', 'bench', 1],
      ['e2e', 'e2e', 1],
      ['hotfix', 'hotfix', 3],
      ['training', 'training', 14],
      ['demo', 'demo', 30],
    ]);
    expect(presets.get(presetName('pull-request'))?.quota).toEqual({
      cpu: '1',
      memory: '2Gi',
      storage: '10Gi',
      pods: 20,
    });
  });

  test('and is frozen to the last leaf', () => {
    expect(openPlaces(config)).toEqual([]);
    expect(() => (config.presets as unknown as Map<string, unknown>).clear()).toThrow('frozen');
    expect(config.presets.size).toBe(6);
  });

  test('the complete example says the same as its defaults', () => {
    const complete = parsed(fixture('complete.yaml'));
    expect(complete.presets).toEqual(config.presets);
    expect(complete.limits).toEqual(config.limits);
    expect(complete.feedback).toEqual(config.feedback);
    expect(complete.controller.url).toBe('https://argocd.example.com');
    expect(complete.cluster.exposure.class).toBe('traefik');
    expect(complete.cluster.frame.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual([
      'ExternalSecret/registry',
      'RoleBinding/developers',
    ]);
    const application = complete.applications.get(shop);
    expect(application?.repositories).toEqual([{ name: 'acme/shop' }, { name: 'acme/shop-api', prefix: 'api' }]);
    expect(application?.images['web']).toEqual({});
    expect(application?.images['mail']).toEqual({
      template: 'ghcr.io/acme/mail:{headSha}',
      repository: 'acme/shop-api',
      otherwise: 'ghcr.io/acme/mail:main',
    });
    expect(application?.pullRequests).toMatchObject({ label: 'optional', paths: ['shop/**'], baseBranches: ['**'] });
  });

  test('what is written counts: presets key by key, an application over the platform, no end, a count, a chart’s class', () => {
    const written = parsed(`
version: 1
gitops: { repository: ./gitops.git, branch: environments }
domain: localhost
applications:
  shop: { chart: 'charts/all.ts#Shop', repositories: [acme/shop], pullRequests: { drafts: true } }
presets:
  pull-request: { lifetime: none, quota: { memory: 4Gi } }
  load-test: { prefix: load, variables: { USERS: '100' } }
pullRequests: { bots: true, label: required }
limits: { removals: 10 }
forge: { kind: gitlab }
cluster: { tls: wildcard-certificate, exposure: route }
`);
    expect(written.applications.get(shop)).toMatchObject({
      chart: { file: '/platform/charts/all.ts', exportName: 'Shop' },
      pullRequests: { drafts: true, bots: true, label: 'required' },
    });
    expect(written.gitops).toEqual({ repository: '/platform/gitops.git', branch: 'environments' });
    expect(written.presets.get(presetName('pull-request'))).toEqual({
      name: 'pull-request',
      prefix: 'pr',
      quota: { cpu: '1', memory: '4Gi', storage: '10Gi', pods: 20 },
      variables: {},
    });
    expect(written.presets.get(presetName('load-test'))).toMatchObject({
      prefix: 'load',
      lifetime: 7 * day,
      variables: { USERS: '100' },
    });
    expect(written.limits.removals).toEqual({ count: 10 });
    expect(written.forge).toEqual({ kind: 'gitlab', url: 'https://gitlab.com' });
    expect(written.cluster.exposure).toEqual({
      kind: 'route',
      class: '',
      tls: 'wildcard-certificate',
      annotations: {},
    });
  });

  test('JSON is read as well, with the key for editors', () => {
    const json = JSON.stringify(
      { $schema: './schema.json', ...(parse(fixture('minimal.yaml')) as object) },
      undefined,
      '\t',
    );
    expect({ ...parsed(json), file: '' }).toEqual({ ...config, file: '' });
  });
});

/** Paths of objects that could still be changed. */
const openPlaces = (value: unknown, path = 'config'): readonly string[] => {
  if (typeof value !== 'object' || value === null) return [];
  const entries: readonly (readonly [string, unknown])[] =
    value instanceof Map ? [...(value as Map<string, unknown>)] : Object.entries(value);
  return [
    ...(Object.isFrozen(value) ? [] : [path]),
    ...entries.flatMap(([key, entry]) => openPlaces(entry, `${path}.${key}`)),
  ];
};

describe('the published schemas', () => {
  const ajv = new Ajv({ strict: true, allowUnionTypes: true });
  const published = (file: string): object => JSON.parse(readFileSync(join(root, file), 'utf8')) as object;

  test.each([
    ['schema.json', configJsonSchema()],
    ['override.schema.json', overrideJsonSchema()],
  ])('%s is the one that the program has; if not: npm run schema', (file, schema) => {
    expect(published(file)).toEqual(schema);
  });

  test.each(['minimal.yaml', 'complete.yaml'])('accept %s and refuse a slip in it', (name) => {
    const validate = ajv.compile({ ...published('schema.json'), $id: name });
    const written = parse(fixture(name)) as Record<string, unknown>;
    expect(validate(written)).toBe(true);
    expect(validate({ ...written, replcias: 1 })).toBe(false);
    expect(validate({ ...written, version: 2 })).toBe(false);
    expect(validate({ ...written, presets: { demo: { lifetime: 'soon' } } })).toBe(false);
  });

  test('accept the override of the contract', () => {
    const validate = ajv.compile(published('override.schema.json'));
    const written = parse(fixture('override.yaml')) as Record<string, unknown>;
    expect(validate(written)).toBe(true);
    expect(validate({ ...written, lifetime: '3 days' })).toBe(false);
    expect(parseOverride(fixture('override.yaml'), '.bivouac.yaml')).toEqual({
      preset: 'pull-request',
      with: ['mailer'],
      without: [],
      variables: { LOG_LEVEL: 'debug' },
      lifetime: 3 * day,
    });
  });

  test('explain every key at the first level', () => {
    const properties = (configJsonSchema() as { properties: Record<string, { description?: string }> }).properties;
    expect(Object.entries(properties).flatMap(([key, { description }]) => (description ? [] : [key]))).toEqual([
      'version',
    ]);
  });
});

describe('files', () => {
  let directory = '';
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'bivouac-config-'));
    mkdirSync(join(directory, 'repository', '.git'), { recursive: true });
    mkdirSync(join(directory, 'repository', 'a', 'b'), { recursive: true });
    writeFileSync(join(directory, 'bivouac.yaml'), fixture('minimal.yaml'));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  test('are looked for up to the Git root and no further, .yaml first', () => {
    const repository = join(directory, 'repository');
    expect(findConfig(join(repository, 'a', 'b'))).toBeUndefined();
    writeFileSync(join(repository, 'bivouac.json'), '{}');
    expect(findConfig(join(repository, 'a', 'b'))).toBe(join(repository, 'bivouac.json'));
    writeFileSync(join(repository, 'bivouac.yml'), '');
    expect(findConfig(join(repository, 'a'))).toBe(join(repository, 'bivouac.yml'));
    writeFileSync(join(repository, 'a', 'bivouac.yaml'), '');
    expect(findConfig(join(repository, 'a', 'b'))).toBe(join(repository, 'a', 'bivouac.yaml'));
    expect(findConfig(join(repository, 'a', 'b'), '../../../bivouac.yaml')).toBe(join(directory, 'bivouac.yaml'));
  });

  test('that are missing are named', () => {
    expect(() => findConfig(directory, 'none.yaml')).toThrow(
      expect.objectContaining({ code: 'ConfigNotFound', class: 'UserError' }),
    );
    expect(() => loadConfig(join(directory, 'repository'))).toThrow(
      expect.objectContaining({ code: 'ConfigNotFound' }),
    );
  });

  test('are read with their frame; a missing frame is a problem at its key', () => {
    const file = join(directory, 'framed.yaml');
    writeFileSync(file, `${fixture('minimal.yaml')}cluster: { frame: frame.yaml }\n`);
    expect(() => loadConfig(file)).toThrow(/framed\.yaml:\d+:19 cluster\.frame: this file can’t be read/);
    writeFileSync(join(directory, 'frame.yaml'), fixture('frame.yaml'));
    expect(loadConfig(file).cluster.frame).toHaveLength(2);
  });

  test('the package’s own is the embedded default', () => {
    const config = embeddedConfig({ packageDirectory: root, gitopsRepository: '/trial/gitops.git' });
    expect(config).not.toHaveProperty('file');
    expect(config.gitops).toEqual({ repository: '/trial/gitops.git', branch: 'main' });
    expect(config.applications.get(shop)?.chart.file).toBe(join(root, 'charts', 'shop.ts'));
    expect(config.policy.registries).toEqual(['ghcr.io/acme', 'docker.io/library']);
    expect(openPlaces(config)).toEqual([]);
  });
});
