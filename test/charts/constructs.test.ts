import { describe, expect, test } from '@jest/globals';
import { App, ApiObject, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import {
  EnvironmentChart,
  type EnvironmentProps,
  Postgres,
  sampleEnvironment,
  type SampleProps,
  Seed,
  Task,
  Teardown,
  WebService,
  type WebServiceProps,
  Worker,
} from '../../charts/constructs/index.js';
import { select } from '../../charts/constructs/selection.js';
import { componentName } from '../../src/model/names.js';
import { containerOf, failureOf, find, manifestsOf, namesOf } from './views.js';

const image = 'ghcr.io/acme/app:1.0.0';

/** A chart in one function. */
const chart = (build: (chart: EnvironmentChart) => void) =>
  class extends EnvironmentChart {
    constructor(scope: Construct, id: string, props: EnvironmentProps) {
      super(scope, id, props);
      build(this);
    }
  };

const synthesize = (build: (chart: EnvironmentChart) => void, props: SampleProps = {}) =>
  chart(build).synthesize(sampleEnvironment(props));

const web = (scope: Construct, id: string, props: Partial<WebServiceProps> = {}) =>
  new WebService(scope, id, { image, port: 80, ...props });

describe('selection', () => {
  const components = (text: string) =>
    text.split(' ').map((entry) => {
      const [, name = '', mark, needs = ''] = /^([a-z]+)(\?)?>?(.*)$/.exec(entry) ?? [];
      const list = needs === '' ? [] : needs.split(',');
      return { name: componentName(name), optional: mark === '?', needs: list.map(componentName) };
    });
  const choose = (text: string, given: { with?: string; without?: string } = {}) => {
    const list = (names = '') => names.split(' ').filter(Boolean).map(componentName);
    const { chosen, unknown } = select(components(text), { with: list(given.with), without: list(given.without) });
    return [[...chosen].sort().join(' '), unknown.join(' ')];
  };

  test.each([
    { about: 'the default ones', chart: 'a b c?', given: {}, chosen: 'a b', unknown: '' },
    { about: 'one that is asked for', chart: 'a b? c?', given: { with: 'c' }, chosen: 'a c', unknown: '' },
    { about: 'one that is left out', chart: 'a b', given: { without: 'b' }, chosen: 'a', unknown: '' },
    { about: 'an optional one that is needed', chart: 'a>b b?>c c?', given: {}, chosen: 'a b c', unknown: '' },
    {
      about: 'what one that is asked for needs',
      chart: 'a b?>c c?',
      given: { with: 'b' },
      chosen: 'a b c',
      unknown: '',
    },
    { about: 'each other', chart: 'a?>b b?>a c', given: { with: 'b' }, chosen: 'a b c', unknown: '' },
    {
      about: 'left out wins over asked for',
      chart: 'a b?',
      given: { with: 'b', without: 'b' },
      chosen: 'a',
      unknown: '',
    },
    {
      about: 'nothing that is needed only by what is left out',
      chart: 'a>b b?',
      given: { without: 'a' },
      chosen: '',
      unknown: '',
    },
    { about: 'unknown names, sorted', chart: 'a', given: { with: 'y', without: 'x' }, chosen: 'a', unknown: 'x y' },
  ])('$about', ({ chart, given, chosen, unknown }) => {
    expect(choose(chart, given)).toEqual([chosen, unknown]);
  });

  test('names the way to each component that can’t be left out', () => {
    expect(failureOf(() => choose('web>api api>db db?', { without: 'db' }))).toMatchObject({
      code: 'ComponentNeeded',
      message: '"db" can\'t be left out: web → api → db',
      remedy: 'Leave out "web", "api" too, or keep "db".',
    });
    expect(failureOf(() => choose('a>c b>d c d', { without: 'c d' })).message).toBe(
      '"c" can\'t be left out: a → c; "d" can\'t be left out: b → d',
    );
  });
});

describe('references', () => {
  test('switch on what they refer to, wherever they stand', () => {
    const build = (chart: EnvironmentChart) => {
      const api = web(chart, 'api', { optional: true });
      new Worker(chart, 'worker', { image, args: [`--api=${api.internalUrl}/v1?${api.internalUrl}`] });
    };
    const synthesis = synthesize(build);
    expect(namesOf(synthesis)).toEqual(['api', 'worker']);
    expect(containerOf(synthesis, 'Deployment/worker')['args']).toEqual(['--api=http://api:80/v1?http://api:80']);
    expect(failureOf(() => synthesize(build, { without: ['api'] })).code).toBe('ComponentNeeded');
  });

  test('work in objects of any construct, whose pods are labelled as well', () => {
    const synthesis = synthesize((chart) => {
      const api = web(chart, 'api');
      const own = new Construct(chart, 'own');
      new ApiObject(own, 'config', { apiVersion: 'v1', kind: 'ConfigMap', data: { url: api.internalUrl } });
      new ApiObject(own, 'cron', {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name: 'cron' },
        spec: { jobTemplate: { spec: { template: { metadata: { labels: { z: '' } }, spec: {} } } } },
      });
    });
    expect(find(synthesis, 'ConfigMap/own-config')).toMatchObject({ data: { url: 'http://api:80' } });
    expect(JSON.stringify(find(synthesis, 'CronJob/cron'))).toContain(
      '"labels":{"bivouac.dev/needs-api":"true","z":""}',
    );
  });

  test('by name are an address only: two components may know each other’s', () => {
    const build = (chart: EnvironmentChart) => {
      web(chart, 'api', { public: true, variables: { ORIGIN: chart.publicUrl('web') } });
      web(chart, 'web', { primary: true, optional: true });
    };
    const synthesis = synthesize(build, { exposure: { tls: 'controller' } });
    expect(namesOf(synthesis)).toEqual(['api']);
    expect(containerOf(synthesis, 'Deployment/api').env).toEqual([
      { name: 'ORIGIN', value: 'https://shop-pr-42.preview.example.com' },
    ]);
  });

  test('that lead nowhere are refused together, with their places', () => {
    const stranger = web(new (chart(() => {}))(new App(), 'orders', sampleEnvironment()), 'api');
    const failure = failureOf(() =>
      synthesize((chart) => {
        web(chart, 'api', { variables: { A: stranger.internalUrl } });
        web(chart, 'web', { variables: { B: chart.publicUrl('apj') } });
        new Worker(chart, 'mailer', { image, variables: { C: chart.publicUrl('web') } });
        new Worker(chart, 'half', { image, variables: { D: stranger.internalUrl.slice(3) } });
        const own = new Construct(chart, 'own');
        new ApiObject(own, 'x', { apiVersion: 'v1', kind: 'ConfigMap', data: { [chart.publicUrl('web')]: '' } });
      }),
    );
    expect(failure.code).toBe('UnknownReference');
    expect(failure.message.split('\n')).toEqual([
      'shop/api/deployment: it refers to orders/api.internalUrl, a component of another chart',
      'shop/web/deployment: there is no component "apj"; did you mean "api"?',
      'shop/mailer/deployment: "web" has no public URL; give it `public: true` or `primary: true`',
      'shop/half/deployment: a reference was cut or changed; use it whole',
      'shop/own/x: a reference can’t be a key',
    ]);
  });

  test('fail in the ordinary way of cdk8s, too, and outside of an EnvironmentChart', () => {
    const app = new App();
    const shop = new (chart((chart) => void web(chart, 'api', { args: [chart.publicUrl('x')] })))(
      app,
      'shop',
      sampleEnvironment(),
    );
    expect(() => app.synthYaml()).toThrow('shop/api/deployment: there is no component "x"');
    const plain = new Chart(app, 'plain');
    const object = new ApiObject(plain, 'o', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      data: { a: shop.publicUrl('api') },
    });
    expect(() => void object.toJson()).toThrow('plain/o: references work within an EnvironmentChart only');
    expect(failureOf(() => web(plain, 'web'))).toMatchObject({ code: 'OutsideChart', where: 'plain/web' });
  });
});

describe('a chart', () => {
  test('finds images and variables by name, and says how they arrive', () => {
    const props = { images: { api: image }, variables: { LOG_LEVEL: 'info' } };
    const found = synthesize((chart) => {
      new Worker(chart, 'worker', { image: chart.image('api'), args: [chart.variable('LOG_LEVEL')] });
    }, props);
    expect(containerOf(found, 'Deployment/worker')).toMatchObject({ image, args: ['info'] });
    const missing = failureOf(() => synthesize((chart) => chart.image('apo'), props));
    expect(missing).toMatchObject({ code: 'UnknownImage', message: 'no image is called "apo"; did you mean "api"?' });
    expect(missing.remedy).toMatch(/--image apo=.*applications\.shop\.images\.apo.*used again/);
    expect(failureOf(() => synthesize((chart) => chart.variable('toString'), props))).toMatchObject({
      code: 'UnknownVariable',
      message: 'no variable is called "toString"; there are LOG_LEVEL',
    });
  });

  test('is refused when it has nothing, two primaries, a chart inside, or a name that is none', () => {
    expect(failureOf(() => synthesize(() => {})).code).toBe('EmptyChart');
    const two = failureOf(() =>
      synthesize((chart) => {
        web(chart, 'a', { primary: true });
        web(chart, 'b', { primary: true });
      }),
    );
    expect(two.code).toBe('InvalidChart');
    expect(two.message).toMatch(/shop\/a: it and shop\/b .*\n.*shop\/b: it and shop\/a/);
    expect(failureOf(() => synthesize((chart) => new Chart(chart, 'inner'))).message).toContain('shop/inner');
    expect(failureOf(() => synthesize((chart) => web(chart, 'frame'))).code).toBe('InvalidName');
    expect(failureOf(() => synthesize((chart) => web(chart, 'Api'))).code).toBe('InvalidName');
  });

  test('is recognised by a symbol, and its components by the ids directly below it', () => {
    expect((chart(() => {}) as unknown as Record<symbol, unknown>)[Symbol.for('bivouac.chart')]).toBe(true);
    const failure = failureOf(() => synthesize((chart) => web(new Construct(chart, 'search'), 'index')));
    expect(failure).toMatchObject({ code: 'NestedComponent', where: 'shop/search/index' });
    const synthesis = synthesize((chart) => {
      new ApiObject(new Construct(chart, 'search'), 'index', { apiVersion: 'v1', kind: 'ConfigMap' });
    });
    expect(synthesis.components).toMatchObject([
      { name: 'search', manifests: [{ metadata: { name: 'search-index' } }] },
    ]);
  });

  test('gives plain data and keeps nothing between two environments', () => {
    const Class = chart(
      (chart) => void web(chart, 'web', { primary: true, variables: { URL: chart.publicUrl('web') } }),
    );
    const first = Class.synthesize(sampleEnvironment());
    Class.synthesize(sampleEnvironment({ pullRequest: '7' }));
    expect(structuredClone(first)).toEqual(first);
    expect(Class.synthesize(sampleEnvironment())).toEqual(first);
  });
});

describe('a web service', () => {
  const expose = (exposure: SampleProps['exposure'], props: Partial<WebServiceProps> = { public: true }) =>
    manifestsOf(
      synthesize((chart) => web(chart, 'api', props), { exposure: { annotations: { a: 'b' }, ...exposure } }),
    ).at(-1);

  test('is exposed as the cluster lets traffic in', () => {
    const host = 'api-shop-pr-42.preview.example.com';
    expect(expose({ class: 'traefik', tls: 'controller' })).toMatchObject({
      kind: 'Ingress',
      metadata: { name: 'api', annotations: { a: 'b' } },
      spec: {
        ingressClassName: 'traefik',
        tls: [{ hosts: [host] }],
        rules: [{ host, http: { paths: [{ backend: { service: { name: 'api', port: { number: 80 } } } }] } }],
      },
    });
    expect(expose({ tls: 'wildcard' })).toMatchObject({ spec: { tls: [{ hosts: [host], secretName: 'wildcard' }] } });
    expect(expose({ tls: 'none' })?.['spec']).toEqual({ rules: [expect.objectContaining({ host })] });
    expect(expose({ kind: 'gateway', class: 'ingress-system/public' })).toMatchObject({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { annotations: { a: 'b' } },
      spec: {
        parentRefs: [{ name: 'public', namespace: 'ingress-system' }],
        hostnames: [host],
        rules: [{ backendRefs: [{ name: 'api', port: 80 }] }],
      },
    });
    expect(failureOf(() => expose({ kind: 'gateway' }))).toMatchObject({
      code: 'GatewayMissing',
      where: 'shop/api/exposure',
    });
    expect(expose({ kind: 'route', tls: 'controller' })).toMatchObject({
      kind: 'Route',
      spec: { host, to: { kind: 'Service', name: 'api' }, tls: { termination: 'edge' } },
    });
    expect(expose({ kind: 'route', tls: 'wildcard' })).toMatchObject({
      spec: { tls: { externalCertificate: { name: 'wildcard' } } },
    });
    expect(expose({ kind: 'route', tls: 'none' })?.['spec']).not.toHaveProperty('tls');
  });

  test('is exposed only when it says so, and has no public URL otherwise', () => {
    expect(expose({}, {})).toMatchObject({ kind: 'Service' });
    expect(failureOf(() => synthesize((chart) => web(chart, 'api').publicUrl))).toMatchObject({
      code: 'NotPublic',
      where: 'shop/api',
    });
    expect(expose({}, { primary: true })).toMatchObject({
      spec: { rules: [{ host: 'shop-pr-42.preview.example.com' }] },
    });
  });

  test('takes what it is told over the defaults', () => {
    const digest = `ghcr.io/acme/app@sha256:${'0'.repeat(64)}`;
    const synthesis = synthesize(
      (chart) =>
        web(chart, 'api', {
          image: digest,
          replicas: 2,
          startSeconds: 300,
          size: { requests: { cpu: '1m', memory: '2Mi' }, limits: { cpu: '3m', memory: '4Mi' } },
          scratch: ['/var/cache/app'],
          runAsUser: 1000,
          variables: { LOG_LEVEL: 'debug', TOKEN: { name: 'api', key: 'token' }, NONE: undefined },
          migrate: { command: ['migrate'], variables: { STEP: '1' }, retries: 0, deadlineSeconds: 60, size: 'large' },
        }),
      { variables: { LOG_LEVEL: 'info', A: '1' } },
    );
    expect(find(synthesis, 'Deployment/api').spec).toMatchObject({ replicas: 2, progressDeadlineSeconds: 300 });
    expect(find(synthesis, 'Deployment/api').spec.template.spec.securityContext).toMatchObject({ runAsUser: 1000 });
    expect(containerOf(synthesis, 'Deployment/api')).toMatchObject({
      imagePullPolicy: 'IfNotPresent',
      env: [
        { name: 'A', value: '1' },
        { name: 'LOG_LEVEL', value: 'debug' },
        { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'api', key: 'token' } } },
      ],
      resources: { requests: { cpu: '1m' }, limits: { memory: '4Mi' } },
      volumeMounts: [
        { name: 'tmp', mountPath: '/tmp' },
        { name: 'var-cache-app', mountPath: '/var/cache/app' },
      ],
    });
    expect(find(synthesis, 'Job/api-migrate').spec).toMatchObject({ backoffLimit: 0, activeDeadlineSeconds: 60 });
    expect(containerOf(synthesis, 'Job/api-migrate')).toMatchObject({
      image: digest,
      resources: { limits: { cpu: '2' } },
    });
    expect(containerOf(synthesis, 'Job/api-migrate').env?.at(-1)).toEqual({ name: 'STEP', value: '1' });
  });
});

describe('a database', () => {
  test('has no password and lets in only who refers to it', () => {
    const synthesis = synthesize((chart) => void new Postgres(chart, 'database', { version: '16', storage: '2Gi' }));
    const server = find(synthesis, 'StatefulSet/database');
    expect(server.spec.template.metadata.labels).toMatchObject({ 'bivouac.dev/fenced': 'true' });
    expect(server.spec.template.spec.securityContext).toMatchObject({ runAsUser: 999, fsGroup: 999 });
    expect(server.spec).toMatchObject({
      serviceName: 'database',
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Retain' },
      volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { resources: { requests: { storage: '2Gi' } } } }],
    });
    expect(containerOf(synthesis, 'StatefulSet/database')).toMatchObject({
      image: 'docker.io/library/postgres:16',
      env: expect.arrayContaining([
        { name: 'POSTGRES_HOST_AUTH_METHOD', value: 'trust' },
        { name: 'PGDATA', value: '/data/pgdata' },
      ]),
      volumeMounts: [{ mountPath: '/data' }, { mountPath: '/tmp' }, { mountPath: '/var/run/postgresql' }],
    });
  });

  test('takes its password from a Secret, and so do those who refer to it', () => {
    const secret = { name: 'database-login', key: 'password' };
    const synthesis = synthesize((chart) => {
      const database = new Postgres(chart, 'database', {
        access: { secret },
        username: 'shop',
        optional: true,
        seed: Seed.task({ image }),
      });
      new Worker(chart, 'worker', { image, variables: { PGPASSWORD: database.password } });
    });
    expect(namesOf(synthesis)).toEqual(['database', 'worker']);
    const password = { name: 'PGPASSWORD', valueFrom: { secretKeyRef: secret } };
    expect(containerOf(synthesis, 'Deployment/worker').env).toEqual([password]);
    expect(containerOf(synthesis, 'Job/database-seed').env).toEqual([
      password,
      { name: 'DATABASE_URL', value: 'postgres://shop@database:5432/app' },
    ]);
    expect(containerOf(synthesis, 'StatefulSet/database').env).toContainEqual({
      name: 'POSTGRES_PASSWORD',
      valueFrom: { secretKeyRef: secret },
    });
    expect(find(synthesis, 'StatefulSet/database').spec.template.metadata.labels).not.toHaveProperty(
      'bivouac.dev/fenced',
    );
    expect(find(synthesis, 'Job/database-seed').metadata.annotations).toEqual({ 'bivouac.dev/optional': 'true' });
  });

  test('lets OpenShift give the user id', () => {
    const synthesis = synthesize((chart) => void new Postgres(chart, 'database'), { exposure: { kind: 'route' } });
    const { securityContext } = find(synthesis, 'StatefulSet/database').spec.template.spec;
    expect(securityContext).toEqual({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
  });
});

test('a task runs once for each content, or for every commit', () => {
  const run = (headSha: string) =>
    synthesize(
      (chart) => {
        new Task(chart, 'import', { image });
        new Task(chart, 'warm', { image, runs: 'every-commit' });
      },
      { headSha },
    );
  const [a, b] = [run('a'.repeat(40)), run('b'.repeat(40))];
  expect(find(a, 'Job/import')).toEqual(find(b, 'Job/import'));
  expect(find(a, 'Job/warm')).not.toEqual(find(b, 'Job/warm'));
  expect(find(a, 'Job/warm').spec.template.metadata).toEqual({
    annotations: { 'bivouac.dev/commit': 'a'.repeat(40) },
    labels: { 'app.kubernetes.io/name': 'warm', 'bivouac.dev/task': 'run' },
  });
});

describe('a teardown', () => {
  const props = { image, command: ['empty'] };

  test('sleeps: a suspended CronJob with a schedule that never comes', () => {
    const made = synthesize((chart) => new Teardown(chart, 'bucket', props));
    expect(find(made, 'CronJob/bucket-teardown')).toMatchObject({
      metadata: { annotations: { 'bivouac.dev/teardown': 'true' } },
      spec: {
        suspend: true,
        schedule: '0 0 31 2 *',
        jobTemplate: { spec: { activeDeadlineSeconds: 600, template: { spec: { restartPolicy: 'Never' } } } },
      },
    });
  });

  test.each([0, 59, 3601, 90.5, NaN])('refuses a deadline of %s seconds', (deadlineSeconds) => {
    const made = () => synthesize((chart) => new Teardown(chart, 'bucket', { ...props, deadlineSeconds }));
    expect(failureOf(made)).toMatchObject({ code: 'InvalidDeadline', remedy: 'Give whole seconds from 60 to 3600.' });
  });
  test.each([60, 3600])('takes one of %s', (deadlineSeconds) => {
    const made = synthesize((chart) => new Teardown(chart, 'bucket', { ...props, deadlineSeconds }));
    expect(JSON.stringify(manifestsOf(made))).toContain(`"activeDeadlineSeconds":${deadlineSeconds}`);
  });
});
