import { join } from 'node:path';
import type { Config } from '../../src/config/config.js';
import { loadConfig } from '../../src/config/load.js';
import type { EnvironmentSpec } from '../../src/model/environment.js';
import type { Component, Manifest } from '../../src/model/manifest.js';
import { applicationName, componentName, environmentName, joinedName, presetName } from '../../src/model/names.js';
import { commitSha, repositoryId, repositoryName } from '../../src/model/pull-request.js';
import type { PresentEnvironment } from '../../src/synth/environment.js';

export const packageDirectory = join(import.meta.dirname, '../..');
const loaded = loadConfig(join(packageDirectory, 'bivouac.yaml'));

export const aConfig = (changes: Partial<Config> = {}): Config => ({ ...loaded, ...changes });
export const aCluster = (changes: Partial<Config['cluster']> = {}): Config =>
  aConfig({ cluster: { ...loaded.cluster, ...changes } });

export const aSpec = (changes: Partial<EnvironmentSpec> = {}): EnvironmentSpec => {
  const id = { application: applicationName('shop'), environment: environmentName('pr-42') };
  return {
    ...id,
    name: joinedName(id),
    preset: presetName('pull-request'),
    cluster: 'in-cluster',
    domain: 'preview.example.com',
    exposure: { kind: 'ingress', class: '', tls: 'controller', annotations: {} },
    repository: repositoryName('acme/shop'),
    pullRequest: '42',
    headSha: commitSha('1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d'),
    state: 'active',
    with: [],
    without: [],
    images: { web: 'ghcr.io/acme/shop-web:2', api: 'ghcr.io/acme/shop-api:1' },
    variables: { LOG_LEVEL: 'info' },
    ...changes,
  };
};

export const aDesired = (spec: Partial<EnvironmentSpec> = {}): PresentEnvironment => ({
  spec: aSpec(spec),
  repositoryId: repositoryId('724712'),
  deployedAt: new Date('2026-11-23T10:04:05.678Z'),
  expiresAt: new Date('2026-11-30T10:04:05Z'),
});

export const aComponent = (name: string, ...manifests: readonly Manifest[]): Component => ({
  name: componentName(name),
  manifests,
});

export interface PodOptions {
  readonly kind?: 'Deployment' | 'StatefulSet' | 'Job';
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly port?: number;
  readonly image?: string;
}

/** Keys on purpose in another order than cdk8s writes them. */
export const aWorkload = (name: string, options: PodOptions = {}): Manifest => ({
  kind: options.kind ?? 'Deployment',
  spec: {
    template: {
      spec: {
        containers: [
          {
            name,
            image: options.image ?? `ghcr.io/acme/${name}:1`,
            resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { cpu: '500m', memory: '256Mi' } },
            ...(options.port !== undefined && { ports: [{ containerPort: options.port, name: 'http' }] }),
          },
        ],
      },
      metadata: { labels: { 'app.kubernetes.io/name': name, ...options.labels } },
    },
    ...(options.kind !== 'Job' && { replicas: 2 }),
  },
  metadata: { name, ...(options.annotations && { annotations: options.annotations }) },
  apiVersion: options.kind === 'Job' ? 'batch/v1' : 'apps/v1',
});

export const aService = (name: string, port: number, targetPort: number | string = port): Manifest => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { externalIPs: [], selector: { 'app.kubernetes.io/name': name }, ports: [{ name: 'web', port, targetPort }] },
});

export const anIngress = (name: string, host: string, port: number | string): Manifest => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name },
  spec: {
    rules: [
      {
        host,
        http: {
          paths: [
            { backend: { service: { name, port: typeof port === 'number' ? { number: port } : { name: port } } } },
          ],
        },
      },
    ],
  },
});

/** api (public, needs database), web (primary), database (fenced), mailer (optional). */
export const shop = (): readonly Component[] => [
  aComponent(
    'web',
    aWorkload('web', { port: 3000, labels: { 'bivouac.dev/exposed': 'true' } }),
    aService('web', 80, 'http'),
    anIngress('web', 'shop-pr-42.preview.example.com', 80),
  ),
  aComponent(
    'api',
    aWorkload('api', {
      port: 8080,
      labels: {
        'bivouac.dev/exposed': 'true',
        'bivouac.dev/needs-database': 'true',
        'bivouac.dev/needs-cache': 'true',
      },
    }),
    aService('api', 80, 8080),
    anIngress('api', 'api-shop-pr-42.preview.example.com', 'web'),
    aWorkload('api-migrate', { kind: 'Job', labels: { 'bivouac.dev/needs-database': 'true' } }),
  ),
  aComponent(
    'database',
    aWorkload('database', { kind: 'StatefulSet', port: 5432, labels: { 'bivouac.dev/fenced': 'true' } }),
    aService('database', 5432),
  ),
  aComponent('cache', aWorkload('cache', { port: 6379, annotations: { 'bivouac.dev/optional': 'true' } })),
  aComponent('mailer', aWorkload('mailer', { annotations: { 'bivouac.dev/optional': 'true' } })),
];
