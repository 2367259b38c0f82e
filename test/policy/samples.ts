import type { Config } from '../../src/config/config.js';
import type { EnvironmentSpec } from '../../src/model/environment.js';
import type { Component, Manifest } from '../../src/model/manifest.js';
import type { Violation } from '../../src/model/outcome.js';
import { check } from '../../src/policy/check.js';

export type Data = Record<string, unknown>;

export const digest = `sha256:${'5f2d'.repeat(16)}`;

export const pod = (name: string, more: Data = {}): Data => ({
  metadata: { labels: { 'app.kubernetes.io/name': name } },
  spec: {
    serviceAccountName: 'bivouac-workload',
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name,
        image: `ghcr.io/acme/${name}:1.4.0`,
        env: [{ name: 'LOG_LEVEL', value: 'info' }],
        resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { cpu: '500m', memory: '256Mi' } },
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
      },
    ],
    volumes: [{ name: 'tmp', emptyDir: {} }],
    ...more,
  },
});

const object = (type: string, name: string, rest: Data = {}): Data => ({
  apiVersion: type.slice(0, type.lastIndexOf('/')),
  kind: type.slice(type.lastIndexOf('/') + 1),
  metadata: { name, labels: { 'app.kubernetes.io/name': name } },
  ...rest,
});

/** Objects that nothing speaks against, by what they are. */
export const samples = {
  deployment: object('apps/v1/Deployment', 'api', {
    spec: {
      replicas: 1,
      selector: { matchLabels: { 'app.kubernetes.io/name': 'api' } },
      template: {
        ...pod('api'),
        metadata: { labels: { 'app.kubernetes.io/name': 'api', 'bivouac.dev/exposed': 'true' } },
      },
    },
  }),
  service: object('v1/Service', 'api', {
    spec: {
      type: 'ClusterIP',
      externalIPs: [],
      selector: { 'app.kubernetes.io/name': 'api' },
      ports: [{ port: 8080 }],
    },
  }),
  ingress: object('networking.k8s.io/v1/Ingress', 'api', {
    spec: {
      ingressClassName: 'traefik',
      rules: [
        {
          host: 'api-shop-pr-42.preview.example.com',
          http: {
            paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'api', port: { number: 8080 } } } }],
          },
        },
      ],
    },
  }),
  job: object('batch/v1/Job', 'api-migrate', {
    spec: { backoffLimit: 4, template: pod('api-migrate', { restartPolicy: 'Never' }) },
  }),
  configMap: object('v1/ConfigMap', 'api', { data: { 'app.conf': 'level: info\ncache_key: users\n' } }),
  statefulSet: object('apps/v1/StatefulSet', 'database', {
    spec: {
      replicas: 1,
      serviceName: 'database',
      selector: { matchLabels: { 'app.kubernetes.io/name': 'database' } },
      template: pod('database'),
      volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { resources: { requests: { storage: '1Gi' } } } }],
    },
  }),
  cronJob: object('batch/v1/CronJob', 'report', {
    spec: {
      suspend: true,
      schedule: '0 3 * * *',
      jobTemplate: { spec: { template: pod('report', { restartPolicy: 'Never' }) } },
    },
  }),
} satisfies Record<string, Data>;

export type Sample = keyof typeof samples;

const owner: Readonly<Record<Sample, string>> = {
  deployment: 'api',
  service: 'api',
  ingress: 'api',
  job: 'api',
  configMap: 'api',
  statefulSet: 'database',
  cronJob: 'report',
};

/** The whole environment, with some objects changed (`undefined`: left out) and others added to component `api`. */
export const environment = (
  changes: Partial<Record<Sample, unknown>> = {},
  added: readonly unknown[] = [],
): readonly Component[] => {
  const all = Object.entries({ ...samples, ...changes }) as [Sample, unknown][];
  return ['api', 'database', 'report'].map((name) => ({
    name,
    manifests: [
      ...all
        .filter(([sample, manifest]) => owner[sample] === name && manifest !== undefined)
        .map(([, manifest]) => manifest),
      ...(name === 'api' ? added : []),
    ],
  })) as unknown as readonly Component[];
};

/** A copy with the value at a JSON pointer replaced; `undefined` takes it away. */
export const change = (value: unknown, at: string, to: unknown): Data => {
  const copy = structuredClone(value) as Data;
  const keys = at
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = keys.pop() ?? '';
  const parent = keys.reduce((here, key) => (here[key] ??= {}) as Data, copy);
  if (to === undefined) delete parent[last];
  else parent[last] = to;
  return copy;
};

export const made = (apiVersion: string, kind: string, rest: Data = {}): Manifest =>
  object(`${apiVersion}/${kind}`, 'extra', rest) as unknown as Manifest;

export const spec = (more: Partial<EnvironmentSpec> = {}): EnvironmentSpec =>
  ({
    application: 'shop',
    environment: 'pr-42',
    name: 'shop-pr-42',
    preset: 'pull-request',
    cluster: 'in-cluster',
    domain: 'preview.example.com',
    exposure: { kind: 'ingress', class: 'traefik', tls: 'none', annotations: {} },
    repository: 'acme/shop',
    pullRequest: '42',
    headSha: '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d',
    state: 'active',
    with: [],
    without: [],
    images: {},
    variables: {},
    ...more,
  }) as unknown as EnvironmentSpec;

export const config = (policy: Partial<Config['policy']> = {}, more: Data = {}): Config =>
  ({
    cluster: { frame: [] },
    applications: new Map([['shop', {}]]),
    presets: new Map([['pull-request', { quota: { cpu: '1', memory: '2Gi', storage: '10Gi', pods: 20 } }]]),
    policy: { images: 'pinned', podSecurity: 'restricted', kinds: [], secretStores: [], ...policy },
    ...more,
  }) as unknown as Config;

export const violationsOf = (
  components: unknown,
  context: { spec?: EnvironmentSpec; config?: Config } = {},
): readonly Violation[] =>
  check(components as readonly Component[], { spec: context.spec ?? spec(), config: context.config ?? config() });

/** `rule object field`, which is what matters. */
export const found = (violations: readonly Violation[]): readonly string[] =>
  violations.map(({ rule, object, field }) => `${rule} ${object} ${field}`);
