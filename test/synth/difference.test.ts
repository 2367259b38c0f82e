import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Component, FileTree, Manifest } from '../../src/model/manifest.js';
import { commitSha } from '../../src/model/pull-request.js';
import { compare } from '../../src/synth/difference.js';
import { environmentFiles } from '../../src/synth/environment.js';
import { aComponent, aConfig, aDesired, aService } from './builders.js';

const base = 'b'.repeat(40);
const head = '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d';

const filesOf = (components: readonly Component[], headSha = head): FileTree =>
  environmentFiles({ desired: aDesired({ headSha: commitSha(headSha) }), components, config: aConfig() }).files;

interface Workload {
  readonly kind?: 'Deployment' | 'StatefulSet' | 'Job';
  readonly image?: string;
  readonly env?: readonly unknown[];
  readonly envFrom?: readonly unknown[];
  readonly requests?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly containers?: readonly unknown[];
  readonly spec?: Readonly<Record<string, unknown>>;
}

const workload = (name: string, { kind = 'Deployment', ...of }: Workload = {}): Manifest => ({
  apiVersion: kind === 'Job' ? 'batch/v1' : 'apps/v1',
  kind,
  metadata: { name, annotations: { ...of.annotations } },
  spec: {
    ...of.spec,
    template: {
      spec: {
        containers: [
          {
            name,
            image: of.image ?? `ghcr.io/acme/${name}:1`,
            env: of.env ?? [],
            envFrom: of.envFrom ?? [],
            resources: { requests: of.requests ?? { memory: '64Mi' } },
          },
          ...(of.containers ?? []),
        ],
      },
    },
  },
});

const variable = (name: string, value: string) => ({ name, value });

/** Of two versions of one component `api`. */
const differenceOf = (before: readonly Manifest[], after: readonly Manifest[]) =>
  compare(filesOf([aComponent('api', ...before)], base), filesOf([aComponent('api', ...after)])).difference;

const inOrder = (fields: readonly unknown[]) => fields.map((field) => JSON.stringify(field)).sort();
const nothing = { objects: { added: [], changed: [], removed: [] }, fields: [] };

describe('what differs between two environments', () => {
  test('objects that came, went and changed; with the images of what came and went', () => {
    const before = filesOf([aComponent('api', workload('api')), aComponent('old', aService('old', 80))], base);
    const after = filesOf([
      aComponent('api', workload('api', { image: 'ghcr.io/acme/api:2' })),
      aComponent('mailer', workload('mailer', { env: [variable('A', '1')] })),
    ]);
    expect(compare(before, after).difference).toEqual({
      objects: { added: ['Deployment/mailer'], changed: ['Deployment/api'], removed: ['Service/old'] },
      fields: [
        { kind: 'image', where: 'api', name: 'image', before: 'ghcr.io/acme/api:1', after: 'ghcr.io/acme/api:2' },
        { kind: 'image', where: 'mailer', name: 'image', after: 'ghcr.io/acme/mailer:1' },
      ],
    });
  });

  test('variables: added, removed, changed; one that comes from elsewhere by its reference', () => {
    const secret = (key: string) => ({ name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'shop-db', key } } });
    const before = [variable('GONE', 'x'), variable('LEVEL', 'info'), variable('SAME', '1'), secret('old')];
    const after = [variable('NEW', ''), variable('LEVEL', 'debug'), variable('SAME', '1'), secret('new')];
    const { fields } = differenceOf(
      [workload('api', { env: before })],
      [workload('api', { env: after, envFrom: [{ secretRef: { name: 'shop-mail' } }] })],
    );
    expect(fields).toEqual([
      { kind: 'variable', where: 'api', name: 'GONE', before: 'x' },
      { kind: 'variable', where: 'api', name: 'LEVEL', before: 'info', after: 'debug' },
      { kind: 'variable', where: 'api', name: 'NEW', after: '' },
      {
        ...{ kind: 'variable', where: 'api', name: 'TOKEN' },
        ...{ before: 'secret shop-db, key old', after: 'secret shop-db, key new' },
      },
      { kind: 'variable', where: 'api', name: 'all keys of secret shop-mail', after: 'set' },
    ]);
  });

  test('resources: of a container, replicas, volumes, the bounds of an autoscaler', () => {
    const claim = (storage: string) => ({
      ...{ metadata: { name: 'data' }, spec: { resources: { requests: { storage } } } },
    });
    const data = (storage: string): Manifest => ({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      ...claim(storage),
    });
    const scaler = (maxReplicas: number): Manifest => ({
      ...{ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name: 'api' } },
      spec: { minReplicas: 1, maxReplicas },
    });
    const stateful = (size: string) =>
      workload('store', { kind: 'StatefulSet', spec: { replicas: 1, volumeClaimTemplates: [claim(size)] } });
    const { fields } = differenceOf(
      [workload('api'), stateful('1Gi'), data('2Gi'), scaler(2)],
      [
        workload('api', { requests: { memory: '1Gi', cpu: '1' }, spec: { replicas: 3 } }),
        stateful('5Gi'),
        data('4Gi'),
        scaler(4),
      ],
    );
    expect(fields.map(({ where, name, before = '–', after = '–' }) => `${where} ${name}: ${before} ${after}`)).toEqual([
      'api maxReplicas: 2 4',
      'api replicas: 1 3',
      'api requests.cpu: – 1',
      'api requests.memory: 64Mi 1Gi',
      'api/data volume: 2Gi 4Gi',
      'api/store volume data: 1Gi 5Gi',
    ]);
  });

  test('a Job that moved on is one changed, in the diff under its plain name; a container beside another is told by its image', () => {
    const before = filesOf([aComponent('api', workload('api-migrate', { kind: 'Job' }))], base);
    const sidecar = { name: 'proxy', image: 'ghcr.io/acme/proxy:1', env: [variable('PORT', '1')] };
    const after = filesOf([aComponent('api', workload('api-migrate', { kind: 'Job', containers: [sidecar] }))]);
    const { difference, ...sides } = compare(before, after);
    expect(difference).toEqual({
      objects: { added: [], changed: ['Job/api-migrate'], removed: [] },
      fields: [{ kind: 'image', where: 'api/api-migrate/proxy', name: 'image', after: 'ghcr.io/acme/proxy:1' }],
    });
    for (const side of [sides.before, sides.after])
      expect(side.get('manifests/api.yaml')).toContain('\n  name: api-migrate\n');
  });

  test('the trees for a diff hold what differs alone, and never a Secret', () => {
    const secret = (value: string): Manifest => ({
      ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db' }, stringData: { password: value } },
    });
    const of = (port: number, value: string) =>
      filesOf([
        aComponent('api', workload('api'), aService('api', port), secret(value)),
        aComponent('web', workload('web')),
      ]);
    const { difference, before, after } = compare(of(80, 'hunter2'), of(81, 'hunter3'));
    expect(difference.objects.changed).toEqual(['Secret/db', 'Service/api']);
    expect([...before.keys()]).toEqual(['manifests/api.yaml']);
    const text = [...before.values(), ...after.values()].join('');
    expect(text).toContain('kind: Service');
    expect(text).not.toMatch(/hunter|kind: Deployment/);
  });
});

describe('what is no difference', () => {
  const noise = (headSha: string): readonly Manifest[] => [
    workload('api', {
      annotations: {
        'checksum/config': headSha.slice(3),
        'app.kubernetes.io/version': headSha,
        'acme/commit': headSha,
      },
      env: [variable('VERSION', `v-${headSha.slice(0, 7)}`), variable('COMMIT', headSha)],
    }),
    workload('api-seed', { kind: 'Job', annotations: { 'bivouac.dev/commit': headSha } }),
  ];

  test('the commit, a checksum, a version, a Job’s hash; an image’s tag is one', () => {
    expect(differenceOf(noise(base), noise(head))).toEqual(nothing);
    const tagged = (headSha: string) => [workload('api', { image: `ghcr.io/acme/api:${headSha}` })];
    expect(differenceOf(tagged(base), tagged(head)).fields).toHaveLength(1);
  });

  test('a variable that differs beyond the commit is shown as it is', () => {
    const of = (level: string, headSha: string) => [workload('api', { env: [variable('TAG', `${level}-${headSha}`)] })];
    expect(differenceOf(of('a', base), of('b', head)).fields).toMatchObject([
      { before: `a-${base}`, after: `b-${head}` },
    ]);
  });

  const manifests = fc.uniqueArray(
    fc
      .record({
        name: fc.constantFrom('api', 'api-migrate', 'cache', 'web'),
        kind: fc.constantFrom('Deployment', 'StatefulSet', 'Job' as const),
        image: fc.constantFrom('a:1', 'a:2'),
        env: fc.uniqueArray(fc.record({ name: fc.constantFrom('A', 'B'), value: fc.constantFrom('', '1', '---\n') }), {
          selector: ({ name }) => name,
        }),
        requests: fc.dictionary(fc.constantFrom('cpu', 'memory'), fc.constantFrom('1', '2')),
        spec: fc.constantFrom({}, { replicas: 1 }, { replicas: 3 }),
      })
      .map(({ name, ...of }) => workload(name, of)),
    { minLength: 1, maxLength: 4, selector: ({ kind, metadata }) => `${kind}/${metadata.name}` },
  );

  test('the same manifests at another commit, in any order', () => {
    fc.assert(
      fc.property(manifests, (of) => {
        expect(differenceOf(of, of)).toEqual(nothing);
        expect(differenceOf(of, [...of].reverse())).toEqual(nothing);
        const { before, after } = compare(filesOf([aComponent('api', ...of)]), filesOf([aComponent('api', ...of)]));
        expect([...before, ...after]).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  test('swapping the sides swaps what was added and removed, before and after', () => {
    fc.assert(
      fc.property(manifests, manifests, (a, b) => {
        const [there, back] = [differenceOf(a, b), differenceOf(b, a)];
        const { added, changed, removed } = there.objects;
        expect(back.objects).toEqual({ added: removed, changed, removed: added });
        expect(inOrder(back.fields)).toEqual(
          inOrder(
            there.fields.map(({ kind, where, name, before, after }) => ({
              ...{ kind, where, name },
              ...(after !== undefined && { before: after }),
              ...(before !== undefined && { after: before }),
            })),
          ),
        );
        const names = (of: readonly Manifest[]) => of.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
        expect(added).toEqual(
          names(b)
            .filter((name) => !names(a).includes(name))
            .sort(),
        );
      }),
      { numRuns: 100 },
    );
  });
});
