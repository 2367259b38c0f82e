import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { checkRepeatable } from '../../src/policy/repeatable.js';
import { rules } from '../../src/policy/rules/index.js';
import {
  change,
  config,
  type Data,
  environment,
  found,
  made,
  pod,
  type Sample,
  samples,
  spec,
  violationsOf,
} from './samples.js';

const changed = (sample: Sample, at: string, to: unknown) => environment({ [sample]: change(samples[sample], at, to) });
const container = '/spec/template/spec/containers/0';

/** One change of a good environment, and exactly the rule and field that object. */
const refuses = (rule: string, cases: readonly (readonly [Sample, string, unknown, string?])[]) =>
  describe(`refused by ${rule}`, () => {
    test.each(cases.map(([sample, at, to, field]) => ({ sample, at, to, field: field ?? at })))(
      '$sample $at = $to',
      ({ sample, at, to, field }) => {
        const violations = violationsOf(changed(sample, at, to)).filter((violation) => violation.rule === rule);
        expect(violations.map((violation) => violation.field)).toContain(field);
        for (const violation of violations) {
          expect(violation.message).not.toBe('');
          expect(violation.remedy).not.toBe('');
          expect(violation.message).not.toContain('\n');
        }
      },
    );
  });

test('nothing speaks against the good environment', () => {
  expect(found(violationsOf(environment()))).toEqual([]);
});

describe('shapes come first', () => {
  test.each<[string, unknown]>([
    ['no list', 'text'],
    ['no component', [null]],
    ['manifests that are text', [{ name: 'api', manifests: 'text' }]],
    ['a manifest that is none', environment({}, ['text'])],
    ['a kind in lower case', environment({ service: change(samples.service, '/kind', 'service') })],
    ['no kind', environment({ service: change(samples.service, '/kind', undefined) })],
    ['no apiVersion', environment({ service: change(samples.service, '/apiVersion', undefined) })],
    ['no name', environment({ service: change(samples.service, '/metadata', {}) })],
    ['generateName', environment({ job: change(samples.job, '/metadata', { generateName: 'api-' }) })],
    ['a List', environment({}, [{ apiVersion: 'v1', kind: 'List', items: [samples.service] }])],
    ['containers that are text', changed('deployment', '/spec/template/spec/containers', 'nginx')],
    ['a workload without containers', changed('deployment', '/spec/template/spec/containers', [])],
    ['a flag that is text', changed('deployment', '/spec/template/spec/hostNetwork', 'true')],
    ['labels that are numbers', changed('service', '/metadata/labels', { a: 1 })],
    [
      'a key __proto__',
      environment({
        configMap: JSON.parse(
          '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"__proto__":"x"}}',
        ),
      }),
    ],
    [
      'no number',
      environment({
        deployment: { ...samples.deployment, spec: { ...(samples.deployment['spec'] as Data), replicas: NaN } },
      }),
    ],
    ['depth', environment({}, [Array.from({ length: 5000 }).reduce<Data>((inner) => ({ a: inner }), {})])],
  ])('%s', (_name, components) => {
    const violations = violationsOf(components).filter(({ rule }) => rule === 'valid-shape');
    expect(violations.length).toBeGreaterThan(0);
  });

  test('the others are still looked at, and everything is said at once', () => {
    const components = environment({
      service: change(samples.service, '/spec/ports', 'text'),
      job: change(samples.job, '/spec/ttlSecondsAfterFinished', 60),
    });
    expect(found(violationsOf(components))).toEqual([
      'valid-shape Service/api /spec/ports',
      'require-own-backends Ingress/api /spec/rules/0/http/paths/0/backend',
      'no-unrepeatable-jobs Job/api-migrate /spec/ttlSecondsAfterFinished',
    ]);
  });

  test('a function is no plain data', () => {
    const components = environment({}, [{ ...samples.configMap, data: { a: () => 1 } }]);
    expect(found(violationsOf(components))).toEqual(['valid-shape ConfigMap/api /data/a']);
  });
});

refuses('no-unlisted-kinds', [
  ['service', '/kind', 'Pod'],
  ['service', '/kind', 'SERVICE'],
  ['service', '/kind', 'Namespace'],
  ['deployment', '/apiVersion', 'apps.example.com/v1', '/kind'],
  ['deployment', '/apiVersion', 'apps/v1beta1'],
  ['deployment', '/kind', 'DaemonSet'],
  ['configMap', '/kind', 'Secret'],
]);

test('R03: whatever is cluster-scoped or the frame’s is refused, also where the platform lists it', () => {
  const bad = [
    made('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding'),
    made('rbac.authorization.k8s.io/v1', 'RoleBinding'),
    made('v1', 'Namespace'),
    made('apiextensions.k8s.io/v1', 'CustomResourceDefinition'),
    made('apiregistration.k8s.io/v1', 'APIService'),
    made('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration'),
    made('v1', 'PersistentVolume'),
    made('networking.k8s.io/v1', 'NetworkPolicy'),
    made('v1', 'ResourceQuota'),
    made('v1', 'ServiceAccount'),
    made('example.com/v1', 'Deployment'),
  ];
  const kinds = bad.map(({ apiVersion, kind }) => (apiVersion === 'v1' ? kind : `${apiVersion.split('/')[0]}/${kind}`));
  const listed = found(violationsOf(environment({}, bad), { config: config({ kinds: kinds.slice(0, -1) }) }));
  expect(listed).toEqual(bad.map(({ kind }) => `no-unlisted-kinds ${kind}/extra /kind`));
  const pods = { config: config({ kinds: ['monitoring.coreos.com/PodMonitor'] }) };
  expect(found(violationsOf(environment({}, [made('monitoring.coreos.com/v1', 'PodMonitor')]), pods))).toEqual([]);
});

test('pods of a listed kind are held to the same rules', () => {
  const rollout = made('argoproj.io/v1alpha1', 'Rollout', { spec: { template: pod('x', { hostPID: true }) } });
  const context = { config: config({ kinds: ['argoproj.io/Rollout'] }) };
  expect(found(violationsOf(environment({}, [rollout]), context))).toEqual([
    'require-pod-security Rollout/extra /spec/template/spec/hostPID',
  ]);
});

refuses('no-foreign-namespaces', [
  ['service', '/metadata/namespace', 'shop-pr-43'],
  ['service', '/metadata/namespace', ''],
  ['deployment', '/spec/template/metadata/namespace', 'kube-system'],
]);

test('the own namespace may be written', () => {
  expect(violationsOf(changed('service', '/metadata/namespace', 'shop-pr-42'))).toEqual([]);
});

describe('unique-objects', () => {
  test('R06: twice in one component, in two, and beside cluster.frame', () => {
    expect(found(violationsOf(environment({}, [samples.configMap])))).toEqual([
      'unique-objects ConfigMap/api /metadata/name',
    ]);
    const frame = { config: config({}, { cluster: { frame: [samples.configMap] } }) };
    expect(found(violationsOf(environment(), frame))).toEqual(['unique-objects ConfigMap/api /metadata/name']);
  });
});

refuses('valid-names', [
  ['job', '/metadata/name', 'j'.repeat(53)],
  ['cronJob', '/metadata/name', 'j'.repeat(53)],
  ['statefulSet', '/metadata/name', 'j'.repeat(53)],
  ['service', '/metadata/name', 's'.repeat(64)],
  ['service', '/metadata/name', '1api'],
  ['service', '/metadata/name', 'my.api'],
  ['configMap', '/metadata/name', 'c'.repeat(254)],
  ...[
    '-x',
    '--upload-pack=x',
    '..',
    '../api',
    '%2e%2e',
    'a\\b',
    'a\0b',
    'a\u202eb',
    'a\u200bb',
    '\ufeffapi',
    'API',
    'a_b',
    'ünï',
  ].map((name) => ['configMap', '/metadata/name', name] as const),
  ['deployment', `${container}/name`, 'API'],
]);

test('names at their limits pass', () => {
  const components = environment({
    job: change(samples.job, '/metadata/name', 'j'.repeat(52)),
    cronJob: change(samples.cronJob, '/metadata/name', 'j'.repeat(52)),
    configMap: change(samples.configMap, '/metadata/name', 'c'.repeat(253)),
  });
  expect(violationsOf(components)).toEqual([]);
});

describe('valid-component-names', () => {
  test.each(['namespace', 'frame', '../api', '..', 'API', '-x', '', 'a'.repeat(23), 'a\u202eb'])('%j', (name) => {
    const violations = violationsOf([{ name, manifests: [samples.configMap] }]);
    expect(violations.map(({ rule, component }) => [rule, component])).toEqual([['valid-component-names', name]]);
  });
});

refuses('valid-labels', [
  ['service', '/metadata/labels/team', 'a'.repeat(64)],
  ['service', '/metadata/labels/team', '-a'],
  ['service', '/metadata/labels', { 'a/b/c': 'x' }, '/metadata/labels/a~1b~1c'],
  ['service', '/metadata/annotations', { '': 'x' }, '/metadata/annotations/'],
  ['deployment', '/spec/template/metadata/labels/team', 'a b'],
  ['service', '/metadata/annotations', { note: 'x'.repeat(256 * 1024) }],
]);

refuses('valid-bivouac-labels', [
  ['statefulSet', '/spec/template/metadata/labels/bivouac.dev~1exposed', 'true'],
  ['deployment', '/metadata/labels/bivouac.dev~1application', 'other'],
  ['deployment', '/spec/template/metadata/labels/bivouac.dev~1fenced', 'no'],
]);

test('the labels of the constructs pass', () => {
  const labels = {
    'app.kubernetes.io/name': 'api',
    'bivouac.dev/exposed': 'true',
    'bivouac.dev/fenced': 'true',
    'bivouac.dev/needs-database': 'true',
    'bivouac.dev/task': 'migrate',
  };
  const deployment = change(samples.deployment, '/spec/template/metadata/labels', labels);
  const optional = change(deployment, '/metadata/annotations', { 'bivouac.dev/optional': 'true' });
  expect(violationsOf(environment({ deployment: optional }))).toEqual([]);
});

refuses('valid-selectors', [
  ['deployment', '/spec/selector', undefined, '/spec/selector/matchLabels'],
  [
    'deployment',
    '/spec/template/metadata/labels/app.kubernetes.io~1name',
    'other',
    '/spec/selector/matchLabels/app.kubernetes.io~1name',
  ],
]);

refuses('no-server-metadata', [
  ['service', '/metadata/finalizers', ['example.com/wait']],
  ['service', '/metadata/ownerReferences', [{ kind: 'Node' }]],
  ['service', '/metadata/generateName', 'api-'],
  ['service', '/metadata/uid', '1'],
  ['deployment', '/spec/template/metadata/finalizers', ['x']],
]);

refuses('no-controller-metadata', [
  ...[
    'argocd.argoproj.io/hook',
    'argocd.argoproj.io/sync-wave',
    'argocd.argoproj.io/tracking-id',
    'argocd.argoproj.io/compare-options',
    'helm.sh/resource-policy',
    'helm.sh/hook',
    'kustomize.toolkit.fluxcd.io/prune',
    'pod-security.kubernetes.io/enforce',
    'external-dns.alpha.kubernetes.io/hostname',
    'nginx.ingress.kubernetes.io/configuration-snippet',
    'reflector.v1.k8s.emberstack.com/reflection-allowed',
  ].map((key) => ['service', `/metadata/annotations/${key.replace('/', '~1')}`, 'x'] as const),
  ['service', '/metadata/labels/argocd.argoproj.io~1instance', 'other'],
  ['deployment', '/spec/template/metadata/annotations/argocd.argoproj.io~1hook', 'PreSync'],
]);

refuses('no-skip-marker', [
  ['configMap', '/data/a', 'text +argocd:skip-file-rendering text'],
  ['configMap', '/data/+argocd:skip-file-rendering', 'x'],
]);

describe('no-number-lookalikes', () => {
  const violating = (text: string) => found(violationsOf(changed('configMap', '/data/a', text)));
  test.each(['0o17', '0O17', '0X1F', '0B11', '-0o7', '+_1', '0_xe', '1e0_', '=', '0x-1F'])('%s is refused', (text) => {
    expect(violating(text)).toEqual(['no-number-lookalikes ConfigMap/api /data/a']);
  });
  test.each([
    '1',
    '0x1f',
    '1_000',
    '1e3',
    '12:30',
    '1.2.3',
    '1a2b3c4',
    '019e3779',
    'info',
    '',
    'a=b',
    'infinite',
    'nano',
    '-',
  ])('%j passes', (text) => {
    expect(violating(text)).toEqual([]);
  });
  test('in keys, too', () => {
    expect(found(violationsOf(changed('configMap', '/data/0o17', 'x')))).toEqual([
      'no-number-lookalikes ConfigMap/api /data/0o17',
    ]);
  });
});

refuses('no-unrepeatable-jobs', [
  ['job', '/spec/ttlSecondsAfterFinished', 0],
  ['job', '/spec/suspend', true],
  ['job', '/spec/manualSelector', true],
  ['job', '/spec/selector', { matchLabels: { a: 'b' } }],
  ['job', '/spec/template/spec/restartPolicy', 'Always'],
]);

refuses('require-pod-security', [
  ['deployment', '/spec/template/spec/hostPID', true],
  [
    'deployment',
    '/spec/template/spec/volumes/0',
    { name: 'x', hostPath: { path: '/' } },
    '/spec/template/spec/volumes/0/hostPath',
  ],
  ['deployment', `${container}/securityContext/privileged`, true],
  [
    'deployment',
    `${container}/securityContext/capabilities/add`,
    ['SYS_ADMIN'],
    `${container}/securityContext/capabilities/add/0`,
  ],
  ['deployment', `${container}/securityContext`, null, `${container}/securityContext/allowPrivilegeEscalation`],
  [
    'deployment',
    '/spec/template/spec/securityContext/sysctls',
    [{ name: 'kernel.msgmax', value: '1' }],
    '/spec/template/spec/securityContext/sysctls/0/name',
  ],
  ['cronJob', '/spec/jobTemplate/spec/template/spec/hostNetwork', true],
  [
    'statefulSet',
    '/spec/template/spec/initContainers',
    [{ name: 'init', image: 'a:1' }],
    '/spec/template/spec/initContainers/0/securityContext/capabilities/drop',
  ],
]);

test('baseline admits what restricted doesn’t, and no more', () => {
  const root = change(samples.deployment, '/spec/template/spec/securityContext', {});
  const baseline = { config: config({ podSecurity: 'baseline' }) };
  expect(violationsOf(environment({ deployment: root }), baseline)).toEqual([]);
  expect(violationsOf(environment({ deployment: root })).length).toBe(2);
  expect(found(violationsOf(changed('deployment', '/spec/template/spec/hostPID', true), baseline))).toHaveLength(1);
});

refuses('require-workload-account', [
  ['deployment', '/spec/template/spec/serviceAccountName', 'admin'],
  ['deployment', '/spec/template/spec/serviceAccountName', undefined],
  ['deployment', '/spec/template/spec/serviceAccount', 'admin'],
  ['deployment', '/spec/template/spec/automountServiceAccountToken', true],
  [
    'deployment',
    '/spec/template/spec/volumes/0',
    { name: 't', projected: { sources: [{ serviceAccountToken: { path: 't' } }] } },
    '/spec/template/spec/volumes/0/projected',
  ],
]);

refuses('no-system-priority', [['deployment', '/spec/template/spec/priorityClassName', 'system-cluster-critical']]);
refuses('no-foreign-volumes', [['statefulSet', '/spec/volumeClaimTemplates/0/spec/volumeName', 'pv-7']]);

refuses('require-resources', [
  ['deployment', `${container}/resources`, undefined, `${container}/resources/limits/memory`],
  ['deployment', `${container}/resources/limits/cpu`, undefined],
  ['deployment', `${container}/resources/requests/cpu`, 'much'],
  ['deployment', `${container}/resources/requests/memory`, '-1Mi'],
]);

refuses('no-oversized-containers', [
  ['deployment', `${container}/resources/limits/cpu`, '2001m'],
  ['deployment', `${container}/resources/limits/memory`, '2.5Gi'],
  ['deployment', `${container}/resources/requests/cpu`, '600m'],
]);

describe('require-fitting-quota', () => {
  const sums = (components: ReturnType<typeof environment>) =>
    violationsOf(components)
      .filter(({ rule }) => rule === 'require-fitting-quota')
      .map(({ message }) => message);
  test('counts replicas, autoscalers and Jobs; not suspended schedules', () => {
    // beside the Deployment: Job and StatefulSet with 50m, a suspended CronJob
    expect(sums(changed('deployment', '/spec/replicas', 6))).toEqual([]);
    expect(sums(changed('deployment', '/spec/replicas', 7))).toEqual([
      'all objects together need limits.cpu of 4500m, but the quota is 4000m',
    ]);
    expect(sums(changed('cronJob', '/spec/suspend', false))).toEqual([]);
    const autoscaler = made('autoscaling/v2', 'HorizontalPodAutoscaler', {
      spec: { maxReplicas: 30, scaleTargetRef: { kind: 'Deployment', name: 'api' } },
    });
    expect(sums(environment({}, [autoscaler]))).toEqual([
      'all objects together need requests.cpu of 1600m, but the quota is 1000m',
      'all objects together need limits.cpu of 16000m, but the quota is 4000m',
      'all objects together need limits.memory of 8192Mi, but the quota is 4096Mi',
      'all objects together need pods of 32, but the quota is 20',
    ]);
  });
  test('storage of claims', () => {
    expect(sums(changed('statefulSet', '/spec/replicas', 11))).toContain(
      'all objects together need requests.storage of 11264Mi, but the quota is 10240Mi',
    );
  });
  test('init containers count when they need more than the rest', () => {
    const init = { ...((pod('x')['spec'] as Data)['containers'] as Data[])[0], name: 'init' };
    const big = change(init, '/resources', {
      requests: { cpu: '2', memory: '1Mi' },
      limits: { cpu: '2', memory: '1Mi' },
    });
    expect(sums(changed('deployment', '/spec/template/spec/initContainers', [init]))).toEqual([]);
    expect(sums(changed('deployment', '/spec/template/spec/initContainers', [big]))).toEqual([
      'all objects together need requests.cpu of 2100m, but the quota is 1000m',
    ]);
  });
  test('a preset that isn’t there is no free pass', () => {
    const context = { spec: spec({ preset: 'none' as never }) };
    expect(found(violationsOf(environment(), context))).toEqual(['require-fitting-quota  ']);
  });
});

describe('images', () => {
  const image = (text: unknown, policy: Parameters<typeof config>[0] = {}) =>
    violationsOf(changed('deployment', `${container}/image`, text), { config: config(policy) }).map(({ rule }) => rule);
  const sha = `sha256:${'a'.repeat(64)}`;
  test.each([
    '',
    'Acme/api:1',
    'a b:1',
    'https://ghcr.io/a:1',
    'user@host',
    `a@sha256:abc`,
    `a@${sha}0`,
    `a@md5:${'a'.repeat(32)}`,
    'a'.repeat(500),
    'ünï:1',
    'a:1\n',
    '-x:1',
    'a//b:1',
    '$(IMAGE)',
  ])('R01: %j is no reference', (text) => {
    expect(image(text)).toEqual(['valid-image-references']);
  });
  test('pinned: a tag other than latest, or a digest', () => {
    for (const text of ['a', 'a:latest', 'a:LATEST', 'registry:5000/x', 'ghcr.io/a/b'])
      expect(image(text)).toEqual(['no-latest-tag']);
    for (const text of ['a:1', `a@${sha}`, `a:latest@${sha}`, 'registry:5000/x:1']) expect(image(text)).toEqual([]);
  });
  test('digest and any', () => {
    expect(new Set(image('a:1', { images: 'digest' }))).toEqual(new Set(['require-image-digest']));
    const all = violationsOf(changed('deployment', `${container}/image`, `a@${sha}`), {
      config: config({ images: 'digest' }),
    });
    expect(all.map(({ object }) => object)).not.toContain('Deployment/api');
    expect(image('a', { images: 'any' })).toEqual([]);
  });
  test('registries, by whole path segments', () => {
    const from = (text: string, ...registries: string[]) =>
      violationsOf(changed('deployment', `${container}/image`, text), {
        config: config({ registries: [...registries, 'ghcr.io/acme'] }),
      }).map(({ rule }) => rule);
    expect(from('ghcr.io/acme/api:1')).toEqual([]);
    expect(from('ghcr.io/acme-evil/api:1')).toEqual(['no-foreign-registries']);
    expect(from('ghcr.io.evil.com/acme/api:1')).toEqual(['no-foreign-registries']);
    expect(from('postgres:17', 'docker.io/library')).toEqual([]);
    expect(from('index.docker.io/library/postgres:17', 'docker.io')).toEqual([]);
    expect(from('postgres:17', 'docker.io/acme')).toEqual(['no-foreign-registries']);
  });
  test('image volumes are images, too', () => {
    const volumes = [{ name: 'x', image: { reference: 'a:latest' } }];
    expect(found(violationsOf(changed('deployment', '/spec/template/spec/volumes', volumes)))).toContain(
      'no-latest-tag Deployment/api /spec/template/spec/volumes/0/image/reference',
    );
  });
});

refuses('no-external-services', [
  ['service', '/spec/type', 'LoadBalancer'],
  ['service', '/spec/type', 'NodePort'],
  ['service', '/spec/type', 'clusterip'],
  ['service', '/spec/type', 'ExternalName'],
  ['service', '/spec/externalName', 'kubernetes.default.svc'],
  ['service', '/spec/externalIPs', ['1.2.3.4']],
  ['service', '/spec/loadBalancerClass', 'x'],
  ['service', '/spec/ports', [{ port: 1, nodePort: 30000 }], '/spec/ports/0/nodePort'],
]);

refuses('valid-hosts', [
  ['ingress', '/spec/rules/0/host', 'web-shop-pr-42.preview.example.com'],
  ['ingress', '/spec/rules/0/host', 'shop-pr-43.preview.example.com'],
  ['ingress', '/spec/rules/0/host', '*.preview.example.com'],
  ['ingress', '/spec/rules/0/host', ''],
  ['ingress', '/spec/rules/0/host', undefined],
  ['ingress', '/spec/rules', undefined],
  ['ingress', '/spec/tls', [{ hosts: ['example.com'] }], '/spec/tls/0/hosts/0'],
  ['ingress', '/spec/defaultBackend', { service: { name: 'api' } }],
]);
refuses('valid-exposure', [
  ['ingress', '/spec/ingressClassName', 'public'],
  ['ingress', '/spec/ingressClassName', undefined],
  [
    'ingress',
    '/metadata/annotations',
    { 'nginx.ingress.kubernetes.io/server-snippet': 'x' },
    '/metadata/annotations/nginx.ingress.kubernetes.io~1server-snippet',
  ],
]);
refuses('require-own-backends', [
  ['ingress', '/spec/rules/0/http/paths/0/backend', { service: { name: 'database' } }],
  ['ingress', '/spec/rules/0/http/paths/0/backend', { resource: { kind: 'X' } }],
]);

describe('exposure', () => {
  test('annotations are exactly the platform’s: neither more nor fewer', () => {
    const exposure = { ...spec().exposure, annotations: { 'auth.example.com/sign-in': 'yes' } };
    const field = '/metadata/annotations/auth.example.com~1sign-in';
    expect(found(violationsOf(environment(), { spec: spec({ exposure }) }))).toEqual([
      `valid-exposure Ingress/api ${field}`,
    ]);
    const right = environment({ ingress: change(samples.ingress, '/metadata/annotations', exposure.annotations) });
    expect(violationsOf(right, { spec: spec({ exposure }) })).toEqual([]);
  });
  test('the primary host, its certificate, and only one component with it', () => {
    const host = 'shop-pr-42.preview.example.com';
    const primary = change(change(samples.ingress, '/spec/rules/0/host', host), '/spec/tls', [{ hosts: [host] }]);
    expect(violationsOf(environment({ ingress: primary }))).toEqual([]);
    const other = [
      { ...samples.service, metadata: { name: 'web' } },
      change(change(primary, '/metadata/name', 'web'), '/spec/rules/0/http/paths/0/backend', {
        service: { name: 'web' },
      }),
    ];
    const two = [...environment({ ingress: primary }), { name: 'web', manifests: other }];
    expect(found(violationsOf(two))).toEqual(['unique-hosts Ingress/web /spec/rules/0/host']);
  });
  test('a host that is another application’s', () => {
    const applications = new Map([
      ['shop', {}],
      ['api-shop', {}],
    ]);
    expect(found(violationsOf(environment(), { config: config({}, { applications }) }))).toEqual([
      'unique-hosts Ingress/api /spec/rules/0/host',
    ]);
  });
  test('an HTTPRoute', () => {
    const context = {
      spec: spec({ exposure: { kind: 'gateway', class: 'ingress-system/public', tls: 'none', annotations: {} } }),
    };
    const route = (more: Data) => ({
      ...made('gateway.networking.k8s.io/v1', 'HTTPRoute'),
      spec: {
        parentRefs: [{ name: 'public', namespace: 'ingress-system' }],
        hostnames: ['api-shop-pr-42.preview.example.com'],
        rules: [{ backendRefs: [{ name: 'api', port: 8080 }] }],
        ...more,
      },
    });
    const violating = (more: Data) => found(violationsOf(environment({ ingress: undefined }, [route(more)]), context));
    expect(violating({})).toEqual([]);
    expect(violating({ hostnames: [] })).toEqual(['valid-hosts HTTPRoute/extra /spec/hostnames']);
    expect(violating({ parentRefs: [{ name: 'public', namespace: 'other' }] })).toEqual([
      'valid-exposure HTTPRoute/extra /spec/parentRefs/0',
    ]);
    expect(violating({ rules: [{ backendRefs: [{ name: 'api', namespace: 'shop-pr-1' }] }] })).toEqual([
      'no-foreign-namespaces HTTPRoute/extra /spec/rules/0/backendRefs/0/namespace',
    ]);
    expect(found(violationsOf(environment(), context))).toContain('valid-exposure Ingress/api /kind');
  });
  test('a Route', () => {
    const context = { spec: spec({ exposure: { kind: 'route', class: '', tls: 'none', annotations: {} } }) };
    const route = (more: Data) => ({
      ...made('route.openshift.io/v1', 'Route'),
      spec: { host: 'api-shop-pr-42.preview.example.com', to: { kind: 'Service', name: 'api' }, ...more },
    });
    const violating = (more: Data) => found(violationsOf(environment({ ingress: undefined }, [route(more)]), context));
    expect(violating({})).toEqual([]);
    expect(violating({ host: undefined })).toEqual(['valid-hosts Route/extra /spec/host']);
    expect(violating({ wildcardPolicy: 'Subdomain' })).toEqual(['valid-hosts Route/extra /spec/wildcardPolicy']);
    expect(violating({ alternateBackends: [{ kind: 'Service', name: 'database' }] })).toEqual([
      'require-own-backends Route/extra /spec/alternateBackends/0',
    ]);
  });
});

describe('secrets', () => {
  test('R05: a Secret with data, allowed or not', () => {
    const secret = made('v1', 'Secret', { stringData: { a: 'x' } });
    expect(found(violationsOf(environment({}, [secret])))).toEqual([
      'no-unlisted-kinds Secret/extra /kind',
      'no-inline-secrets Secret/extra /stringData',
    ]);
    expect(found(violationsOf(environment({}, [secret]), { config: config({ kinds: ['Secret'] }) }))).toEqual([
      'no-inline-secrets Secret/extra /stringData',
    ]);
  });
  const stores = { config: config({ secretStores: ['ClusterSecretStore/preview'] }) };
  const external = (more: Data) => made('external-secrets.io/v1', 'ExternalSecret', { spec: more });
  test('ExternalSecrets from named stores only', () => {
    const secretStoreRef = { kind: 'ClusterSecretStore', name: 'preview' };
    const violating = (more: Data) => found(violationsOf(environment({}, [external(more)]), stores));
    expect(violating({ secretStoreRef, data: [{ secretKey: 'a', remoteRef: { key: 'b' } }] })).toEqual([]);
    expect(violating({ secretStoreRef: { name: 'preview' } })).toEqual([
      'valid-secret-stores ExternalSecret/extra /spec/secretStoreRef',
    ]);
    expect(violating({})).toEqual(['valid-secret-stores ExternalSecret/extra /spec/secretStoreRef']);
    expect(
      violating({
        secretStoreRef,
        data: [{ sourceRef: { storeRef: { kind: 'ClusterSecretStore', name: 'production' } } }],
      }),
    ).toEqual(['valid-secret-stores ExternalSecret/extra /spec/data/0/sourceRef/storeRef']);
    expect(violating({ secretStoreRef, dataFrom: [{ sourceRef: { generatorRef: { kind: 'Password' } } }] })).toEqual([
      'valid-secret-stores ExternalSecret/extra /spec/dataFrom/0/sourceRef/generatorRef',
    ]);
    expect(found(violationsOf(environment({}, [external({ secretStoreRef })])))).toHaveLength(1);
  });
});

describe('the environment as a whole', () => {
  test('R08: no object at all', () => {
    expect(found(violationsOf([]))).toEqual(['require-objects  ']);
    expect(found(violationsOf([{ name: 'api', manifests: [] }]))).toEqual(['require-objects  ']);
  });
  test('at most 500 objects and 1 MiB', () => {
    const many = (count: number, text = 'x') =>
      Array.from({ length: count }, (_, index) => ({
        ...samples.configMap,
        metadata: { name: `c-${index}` },
        data: { a: text },
      }));
    const here = environment().flatMap(({ manifests }) => manifests).length;
    expect(violationsOf(environment({}, many(500 - here)))).toEqual([]);
    expect(found(violationsOf(environment({}, many(501 - here))))).toEqual(['no-oversized-environments  ']);
    expect(found(violationsOf(environment({}, many(11, 'x'.repeat(100_000)))))).toEqual([
      'no-oversized-environments  ',
    ]);
  });
  test('R09: two renderings that differ are named, with the place', () => {
    const other = environment({ configMap: change(samples.configMap, '/data/at', '12:00') });
    expect(found(checkRepeatable(environment(), environment()))).toEqual([]);
    expect(found(checkRepeatable(environment(), other))).toEqual(['require-repeatable-output ConfigMap/api /data/at']);
    expect(found(checkRepeatable(environment(), environment({ configMap: undefined })))).toEqual([
      'require-repeatable-output ConfigMap/api ',
    ]);
  });
});

describe('the rules', () => {
  const files = readdirSync(new URL('../../src/policy/rules/', import.meta.url)).map((file) =>
    file.replace(/\.ts$/, ''),
  );
  const names = ['valid-shape', ...rules.map(({ name }) => name)];
  test('each has a file of its name, and each file is in the list', () => {
    expect([...names].sort()).toEqual(files.filter((file) => file !== 'index').sort());
    for (const name of names) expect(name).toMatch(/^(?:no|require|unique|valid)-/);
  });
  test('docs/policy.md has each of them, in this order, and no other', () => {
    const text = readFileSync(new URL('../../docs/policy.md', import.meta.url), 'utf8');
    const rows = [...text.matchAll(/^\| `([a-z-]+)`/gm)].map(([, name]) => name);
    expect(rows).toEqual([...names, 'require-repeatable-output']);
  });
});
