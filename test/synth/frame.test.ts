import { describe, expect, test } from '@jest/globals';
import type { NetworkPolicy } from 'kubernetes-types/networking/v1.js';
import type { Config } from '../../src/config/config.js';
import type { Manifest } from '../../src/model/manifest.js';
import { presetName } from '../../src/model/names.js';
import { frameOf } from '../../src/synth/frame/frame.js';
import { aCluster, aComponent, aConfig, aService, aSpec, aWorkload, shop } from './builders.js';
import { type End, isAllowed } from './network.js';

const own = (component: string, labels: Record<string, string> = {}): End => ({
  namespace: 'shop-pr-42',
  labels: { 'app.kubernetes.io/name': component, ...labels },
  ports: { http: 3000 },
});
const ends = {
  web: own('web', { 'bivouac.dev/exposed': 'true' }),
  api: own('api', { 'bivouac.dev/exposed': 'true', 'bivouac.dev/needs-database': 'true' }),
  database: own('database', { 'bivouac.dev/fenced': 'true' }),
  mailer: own('mailer'),
  other: { namespace: 'shop-pr-43', labels: { 'bivouac.dev/needs-database': 'true' } },
  controller: { namespace: 'ingress-system', labels: {} },
  dns: { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } },
  system: { namespace: 'kube-system', labels: {} },
  argocd: { namespace: 'argocd', labels: {} },
} satisfies Record<string, End>;
const address = (text: string): End => ({ address: text });

const policiesOf = (config: Config, components = shop()): readonly NetworkPolicy[] =>
  frameOf(aSpec(), components, config).objects.filter(
    ({ kind }) => kind === 'NetworkPolicy',
  ) as unknown as NetworkPolicy[];
const find = (objects: readonly Manifest[], kind: string): Manifest | undefined =>
  objects.find((object) => object.kind === kind);

describe('the frame’s network policies', () => {
  const policies = policiesOf(aConfig());

  test.each([
    ['web to api', ends.web, ends.api, 8080],
    ['api, which needs it, to the database', ends.api, ends.database, 5432],
    ['the ingress controller to api', ends.controller, ends.api, 8080],
    ['the ingress controller to web, by the port’s name', ends.controller, ends.web, 3000],
    ['api to the Internet', ends.api, address('140.82.121.3'), 443],
    ['api to the Internet over IPv6', ends.api, address('2606:50c0:8000::64'), 443],
  ])('allow %s', (...[, from, to, port]) => {
    expect(isAllowed(policies, { from, to, port })).toBe(true);
  });

  test.each([
    ['another environment to api', ends.other, ends.api, 8080],
    ['another environment to the database', ends.other, ends.database, 5432],
    ['api to another environment', ends.api, ends.other, 8080],
    ['web, which doesn’t need it, to the database', ends.web, ends.database, 5432],
    ['mailer, which doesn’t need it, to the database', ends.mailer, ends.database, 5432],
    ['api to another port of the database', ends.api, ends.database, 22],
    ['the ingress controller to a port of api that isn’t exposed', ends.controller, ends.api, 9090],
    ['the ingress controller to a port that is exposed of another component', ends.controller, ends.web, 8080],
    ['the ingress controller to the database', ends.controller, ends.database, 5432],
    ['the ingress controller to mailer', ends.controller, ends.mailer, 8080],
    ['a pod of the cluster’s system to api', ends.system, ends.api, 8080],
    ['api to Argo CD', ends.api, ends.argocd, 443],
    ['api to a pod of the cluster’s system', ends.api, ends.system, 53],
    ['api to DNS at another port', ends.api, ends.dns, 9153],
    ['the Internet to api', address('140.82.121.3'), ends.api, 8080],
    ['the database to a private range', ends.database, address('10.96.0.1'), 443],
  ])('refuse %s', (...[, from, to, port]) => {
    expect(isAllowed(policies, { from, to, port })).toBe(false);
  });

  test.each([
    '169.254.169.254',
    'fd00:ec2::254',
    'fe80::1',
    '::1',
    '127.0.0.1',
    '168.63.129.16',
    '100.64.0.1',
    '192.168.1.1',
    '172.20.0.1',
  ])('keep every pod away from %s', (target) => {
    for (const from of [ends.web, ends.api, ends.database, ends.mailer])
      expect(isAllowed(policies, { from, to: address(target), port: 80 })).toBe(false);
  });

  test.each(['TCP', 'UDP'] as const)('let every pod ask DNS over %s', (protocol) => {
    for (const from of [ends.web, ends.api, ends.database, ends.mailer])
      expect(isAllowed(policies, { from, to: ends.dns, port: 53, protocol })).toBe(true);
  });

  test('open the private ranges that the platform names, and nothing beside', () => {
    const opened = policiesOf(aCluster({ egress: ['10.20.0.0/16'] }));
    expect(isAllowed(opened, { from: ends.api, to: address('10.20.3.4'), port: 5432 })).toBe(true);
    expect(isAllowed(opened, { from: ends.api, to: address('10.21.3.4'), port: 5432 })).toBe(false);
  });

  test('let nobody in where no component is public', () => {
    const closed = policiesOf(aConfig(), [
      aComponent('api', aWorkload('api', { port: 8080 }), aService('api', 80, 8080)),
    ]);
    expect(closed.some(({ metadata }) => metadata?.name?.startsWith('bivouac-allow-ingress'))).toBe(false);
    expect(isAllowed(closed, { from: ends.controller, to: own('api'), port: 8080 })).toBe(false);
  });

  test.each([
    ['HTTPRoute', 'gateway.networking.k8s.io/v1', { rules: [{ backendRefs: [{ name: 'api', port: 80 }] }] }],
    ['Route', 'route.openshift.io/v1', { to: { kind: 'Service', name: 'api' }, port: { targetPort: 8080 } }],
  ])('read the exposed port from a %s, too', (kind, apiVersion, spec) => {
    const route: Manifest = { apiVersion, kind, metadata: { name: 'api' }, spec };
    const labels = { 'bivouac.dev/exposed': 'true' };
    const routed = policiesOf(aConfig(), [
      aComponent('api', aWorkload('api', { port: 8080, labels }), aService('api', 80, 8080), route),
    ]);
    expect(isAllowed(routed, { from: ends.controller, to: ends.api, port: 8080 })).toBe(true);
    expect(isAllowed(routed, { from: ends.controller, to: ends.api, port: 80 })).toBe(false);
  });
});

describe('the frame’s other objects', () => {
  test('pin the namespace’s Pod Security and its wave, whatever labels the platform adds', () => {
    const labels = {
      team: 'shop',
      'app.kubernetes.io/managed-by': 'me',
      'pod-security.kubernetes.io/enforce': 'privileged',
    };
    const { namespace } = frameOf(aSpec(), shop(), aCluster({ namespaceLabels: labels }));
    expect(namespace.metadata).toEqual({
      name: 'shop-pr-42',
      annotations: { 'argocd.argoproj.io/sync-wave': '-100' },
      labels: {
        team: 'shop',
        'app.kubernetes.io/managed-by': 'bivouac',
        'bivouac.dev/application': 'shop',
        'bivouac.dev/environment': 'pr-42',
        'pod-security.kubernetes.io/enforce': 'restricted',
        'pod-security.kubernetes.io/enforce-version': 'v1.32',
        'pod-security.kubernetes.io/warn': 'restricted',
        'pod-security.kubernetes.io/audit': 'restricted',
      },
    });
  });

  test('bound the whole environment and each container by the preset’s quota', () => {
    const { objects } = frameOf(aSpec(), shop(), aConfig());
    expect(find(objects, 'ResourceQuota')?.spec).toMatchObject({
      hard: {
        'requests.cpu': '1',
        'limits.cpu': '4',
        'limits.memory': '4Gi',
        'services.loadbalancers': '0',
        pods: '20',
      },
    });
    expect(find(objects, 'LimitRange')?.spec).toMatchObject({
      limits: [{ max: { cpu: '2', memory: '2Gi' } }, { type: 'PersistentVolumeClaim', max: { storage: '10Gi' } }],
    });
  });

  test('mount no token, and name the pull secrets', () => {
    const bare = find(frameOf(aSpec(), shop(), aConfig()).objects, 'ServiceAccount');
    expect(bare).toEqual({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'bivouac-workload', namespace: 'shop-pr-42' },
      automountServiceAccountToken: false,
    });
    const pulling = find(frameOf(aSpec(), shop(), aCluster({ imagePullSecrets: ['ghcr'] })).objects, 'ServiceAccount');
    expect(pulling?.imagePullSecrets).toEqual([{ name: 'ghcr' }]);
  });

  test('bring the platform’s own objects, last and in our namespace', () => {
    const frame: Manifest[] = [
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { name: 'developers', namespace: 'default' },
      },
    ];
    const { objects } = frameOf(aSpec(), shop(), aCluster({ frame }));
    expect(objects.at(-1)?.metadata).toEqual({ name: 'developers', namespace: 'shop-pr-42' });
  });

  test('need a preset that is configured', () => {
    expect(() => frameOf(aSpec({ preset: presetName('nightly') }), shop(), aConfig())).toThrow(
      expect.objectContaining({ code: 'UnknownPreset' }),
    );
  });
});
