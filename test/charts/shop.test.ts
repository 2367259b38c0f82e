import { describe, expect, jest, test } from '@jest/globals';
import { App } from 'cdk8s';
import fc from 'fast-check';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Shop } from '../../charts/shop.js';
import type { Manifest } from '../../src/model/manifest.js';
import { shopEnvironment } from './shop-environment.js';
import { containerOf, find, manifestsOf, namesOf, workloadsOf } from './views.js';

const shop = Shop.synthesize(shopEnvironment());
const everything = Shop.synthesize(shopEnvironment({ with: ['mailer'], variables: { LOG_LEVEL: 'info' } }));

describe('the reference application', () => {
  test('has one file’s worth of objects a component, in a fixed order', () => {
    expect(
      everything.components.map(({ name, manifests }) => [
        name,
        ...manifests.map((m) => `${m.kind}/${m.metadata.name}`),
      ]),
    ).toEqual([
      ['database', 'StatefulSet/database', 'Service/database', 'Job/database-seed'],
      ['api', 'Deployment/api', 'Service/api', 'Ingress/api', 'Job/api-migrate'],
      ['web', 'Deployment/web', 'Service/web', 'Ingress/web'],
      ['mailer', 'Deployment/mailer'],
    ]);
    expect(manifestsOf(everything).map(({ metadata }) => metadata.namespace)).toEqual(Array(11).fill('shop-pr-42'));
  });

  test('leaves the optional component out until it is asked for', () => {
    expect(namesOf(shop)).toEqual(['database', 'api', 'web']);
    expect(shop.known).toEqual(['database', 'api', 'web', 'mailer']);
    expect(find(everything, 'Deployment/mailer').metadata.annotations).toEqual({ 'bivouac.dev/optional': 'true' });
    expect(find(everything, 'Deployment/api').metadata.annotations).toBeUndefined();
  });

  test('fills in what its components know of each other', () => {
    expect(containerOf(everything, 'Deployment/api').env).toEqual([
      { name: 'LOG_LEVEL', value: 'info' },
      { name: 'DATABASE_URL', value: 'postgres://app@database:5432/app' },
      { name: 'WEB_ORIGIN', value: 'http://shop-pr-42.preview.example.com' },
    ]);
    expect(containerOf(shop, 'Deployment/web').env).toEqual([
      { name: 'API_URL', value: 'http://api-shop-pr-42.preview.example.com' },
    ]);
    expect(containerOf(shop, 'Job/database-seed').env).toEqual(
      expect.arrayContaining([{ name: 'DATABASE_URL', value: 'postgres://app@database:5432/app' }]),
    );
  });

  test('says on its pods what they are, what they need and who may reach them', () => {
    const labels = Object.fromEntries(
      workloadsOf(everything).map((w) => [`${w.kind}/${w.metadata.name}`, w.spec.template.metadata.labels]),
    );
    expect(labels).toEqual({
      'StatefulSet/database': { 'app.kubernetes.io/name': 'database', 'bivouac.dev/fenced': 'true' },
      'Job/database-seed': {
        'app.kubernetes.io/name': 'database-seed',
        'bivouac.dev/needs-database': 'true',
        'bivouac.dev/task': 'seed',
      },
      'Deployment/api': {
        'app.kubernetes.io/name': 'api',
        'bivouac.dev/exposed': 'true',
        'bivouac.dev/needs-database': 'true',
      },
      'Job/api-migrate': {
        'app.kubernetes.io/name': 'api-migrate',
        'bivouac.dev/needs-database': 'true',
        'bivouac.dev/task': 'migrate',
      },
      'Deployment/web': {
        'app.kubernetes.io/name': 'web',
        'bivouac.dev/exposed': 'true',
        'bivouac.dev/needs-api': 'true',
      },
      'Deployment/mailer': { 'app.kubernetes.io/name': 'mailer', 'bivouac.dev/needs-database': 'true' },
    });
  });

  test('selects its pods by name alone, so that no Service finds the pods of a Job', () => {
    const names = workloadsOf(everything).map((w) => w.spec.template.metadata.labels['app.kubernetes.io/name']);
    expect(new Set(names).size).toBe(names.length);
    const services = manifestsOf(everything).filter(({ kind }) => kind === 'Service');
    expect(services.map((service) => (service['spec'] as { selector: unknown }).selector)).toEqual([
      { 'app.kubernetes.io/name': 'database' },
      { 'app.kubernetes.io/name': 'api' },
      { 'app.kubernetes.io/name': 'web' },
    ]);
    expect(find(everything, 'Deployment/web').spec['selector']).toEqual({
      matchLabels: { 'app.kubernetes.io/name': 'web' },
    });
    expect(JSON.stringify(everything)).not.toContain('cdk8s.io/metadata.addr');
  });

  test('runs every pod as Pod Security restricted asks, without a way to the API server', () => {
    for (const { spec } of workloadsOf(everything)) {
      const pod = spec.template.spec;
      expect(pod).toMatchObject({
        serviceAccountName: 'bivouac-workload',
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      });
      expect(pod.containers[0]['securityContext']).toEqual({
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        readOnlyRootFilesystem: true,
      });
      expect(pod.containers[0].volumeMounts.map(({ mountPath }) => mountPath)).toContain('/tmp');
      expect(Object.keys(pod.containers[0].resources.limits)).toEqual(['cpu', 'ephemeral-storage', 'memory']);
    }
  });

  test('fits the default quota, with every component and every Job at once', () => {
    const sum = (of: 'requests' | 'limits', what: 'cpu' | 'memory') =>
      workloadsOf(everything)
        .map((w) => w.spec.template.spec.containers[0].resources[of][what]!)
        .reduce((total, text) => total + Number.parseFloat(text) / (text.endsWith('m') ? 1000 : 1), 0);
    expect([sum('requests', 'cpu'), sum('limits', 'cpu')]).toEqual([expect.closeTo(0.3), expect.closeTo(3)]);
    expect([sum('requests', 'memory'), sum('limits', 'memory')]).toEqual([6 * 64, 6 * 256]); // Mi, of 2048 and 4096
    expect(workloadsOf(everything).length).toBeLessThanOrEqual(20);
  });

  test('updates one pod after the other, and fails within a minute', () => {
    expect(find(shop, 'Deployment/api').spec).toMatchObject({
      replicas: 1,
      progressDeadlineSeconds: 60,
      revisionHistoryLimit: 2,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
    });
    expect(find(shop, 'Job/api-migrate').spec).toMatchObject({ backoffLimit: 4, activeDeadlineSeconds: 900 });
    expect(find(shop, 'Job/api-migrate').spec).not.toHaveProperty('ttlSecondsAfterFinished');
    expect(containerOf(shop, 'Job/api-migrate').command).toEqual(['npm', 'run', 'migrate']);
  });
});

describe('the ordinary way of cdk8s', () => {
  test('writes the chosen components with the same values', () => {
    const app = new App();
    const chart = new Shop(app, 'shop', shopEnvironment());
    expect(chart.toJson()).toEqual(manifestsOf(shop));
    expect(app.synthYaml()).toContain('value: postgres://app@database:5432/app');
  });
});

/** Everything about an object but the values that differ by environment. */
const shapeOf = (manifest: Manifest): unknown => ({
  object: `${manifest.kind}/${manifest.metadata.name}`,
  labels: manifest.metadata.labels,
  template: (manifest['spec'] as { template?: { metadata?: unknown } }).template?.metadata,
  fields: fieldsOf(manifest),
});

const fieldsOf = (value: unknown, path = ''): readonly string[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, below]) => fieldsOf(below, `${path}/${key}`))
    : [path];

describe('determinism', () => {
  test('two pull requests differ in values alone', () => {
    const sha = fc
      .array(fc.constantFrom(...'0123456789abcdef'), { minLength: 40, maxLength: 40 })
      .map((d) => d.join(''));
    const environment = fc
      .record({ pullRequest: fc.integer({ min: 1, max: 2 ** 31 - 1 }).map(String), headSha: sha })
      .map(({ pullRequest, headSha }) =>
        shopEnvironment({
          pullRequest,
          headSha,
          with: ['mailer'],
          variables: { LOG_LEVEL: headSha },
          images: { api: `r/api:${headSha}`, web: `r/web:${headSha}`, seed: `r/seed:${pullRequest}` },
        }),
      );
    fc.assert(
      fc.property(environment, environment, (a, b) => {
        const [first, second] = [manifestsOf(Shop.synthesize(a)), manifestsOf(Shop.synthesize(b))];
        expect(first.map(shapeOf)).toEqual(second.map(shapeOf));
        expect(first.map(({ metadata }) => metadata.name).join()).not.toContain(a.environment);
      }),
      { numRuns: 25 },
    );
  });

  test('neither clock, chance nor locale is asked', () => {
    const forbid = (what: string) => () => {
      throw new Error(`${what} during synthesis`);
    };
    const spies = [
      jest.spyOn(String.prototype, 'localeCompare').mockImplementation(forbid('localeCompare')),
      jest.spyOn(Math, 'random').mockImplementation(forbid('Math.random')),
      jest.spyOn(Date, 'now').mockImplementation(forbid('Date.now')),
      jest.spyOn(Intl, 'Collator').mockImplementation(forbid('Intl.Collator')),
      jest.spyOn(globalThis, 'Date').mockImplementation(forbid('new Date')),
    ];
    try {
      expect(() => new Date()).toThrow('new Date during synthesis');
      const again = Shop.synthesize(shopEnvironment({ with: ['mailer'], variables: { LOG_LEVEL: 'info' } }));
      expect(again).toEqual(everything);
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
  });

  test('every locale and time zone gives the same bytes', async () => {
    const run = async (LC_ALL: string, TZ: string) => {
      const env = { ...process.env, LC_ALL, TZ };
      const { stdout } = await promisify(execFile)('node', ['--import', 'tsx', 'test/charts/print-digest.ts'], { env });
      return JSON.parse(stdout) as { digest: string; locale: string };
    };
    const runs = await Promise.all([
      run('C', 'UTC'),
      run('da_DK.UTF-8', 'Asia/Kathmandu'),
      run('et_EE.UTF-8', 'UTC'),
      run('tr_TR.UTF-8', 'UTC'),
    ]);
    expect(runs.map(({ locale }) => locale)).toEqual(['en-US', 'da-DK', 'et-EE', 'tr-TR']);
    expect(new Set(runs.map(({ digest }) => digest)).size).toBe(1);
  });
});
