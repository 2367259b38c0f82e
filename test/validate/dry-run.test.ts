import { describe, expect, test } from '@jest/globals';
import type { Cluster, ClusterAnswer, Patch } from '../../src/controllers/kubernetes/cluster.js';
import { type DryRunOptions, openDryRun } from '../../src/controllers/kubernetes/dry-run.js';
import type { Manifest } from '../../src/model/manifest.js';
import { deployment, service } from './builders.js';

interface Script {
  readonly namespaces?: Readonly<Record<string, { readonly deletionTimestamp?: string }>>;
  readonly answer?: Partial<ClusterAnswer>;
}

/** An API server with two kinds, and what it was asked. */
const cluster = ({ namespaces = {}, answer = {} }: Script = {}) => {
  const asked: string[] = [];
  const patches: Patch[] = [];
  const resources = {
    '/apis/apps/v1': [
      { name: 'deployments/scale', kind: 'Scale', namespaced: true },
      { name: 'deployments', kind: 'Deployment', namespaced: true },
    ],
    '/api/v1': [
      { name: 'services', kind: 'Service', namespaced: true },
      { name: 'namespaces', kind: 'Namespace', namespaced: false },
    ],
  };
  const fake: Cluster = {
    server: 'https://cluster.example',
    get: (path) => {
      asked.push(path);
      const name = /^\/api\/v1\/namespaces\/(.+)$/.exec(path)?.[1];
      const found = name === undefined ? undefined : namespaces[name];
      if (name !== undefined) return Promise.resolve(found && { metadata: { name, ...found } });
      const served = resources[path as keyof typeof resources] as readonly unknown[] | undefined;
      return Promise.resolve(served && { resources: served });
    },
    list: () => Promise.resolve([]),
    patch: (patch) => {
      patches.push(patch);
      return Promise.resolve({ status: 200, body: {}, warnings: [], ...answer });
    },
  };
  return { fake, asked, patches };
};

const own: DryRunOptions = { own: 'shop-pr-42' };
const check = async (script: Script, manifest: Manifest) =>
  (await openDryRun(cluster(script).fake, own)).check(manifest);

describe('dry run', () => {
  test('asks for a strict apply that is not done, in the environment’s own namespace where it exists', async () => {
    const { fake, patches } = cluster({ namespaces: { 'shop-pr-42': {} } });
    const validator = await openDryRun(fake, own);
    expect(await validator.check(deployment())).toEqual({ kind: 'accepted', warnings: [] });
    expect(validator.against).toBe('the API server https://cluster.example');
    expect(patches).toEqual([
      {
        path: '/apis/apps/v1/namespaces/shop-pr-42/deployments/api',
        query: { dryRun: 'All', fieldValidation: 'Strict', fieldManager: 'bivouac', force: 'true' },
        contentType: 'application/apply-patch+yaml',
        body: deployment(),
      },
    ]);
  });

  test.each([
    ['is not there', {}],
    ['is going', { 'shop-pr-42': { deletionTimestamp: '2026-11-23T10:04:05Z' } }],
  ])('takes another namespace where its own %s, and says so', async (_, namespaces) => {
    const { fake, patches } = cluster({ namespaces });
    const validator = await openDryRun(fake, own);
    await validator.check(service({}));
    expect(validator.against).toContain('in namespace default, since shop-pr-42 isn’t there yet');
    expect(patches[0]).toMatchObject({
      path: '/api/v1/namespaces/default/services/api',
      body: { metadata: { namespace: 'default' } },
    });
  });

  test('takes the namespace that was named, if there is one', async () => {
    const { fake, patches } = cluster({ namespaces: { standing: {} } });
    await (await openDryRun(fake, { ...own, namespace: 'standing' })).check(service({}));
    expect(patches[0]?.path).toBe('/api/v1/namespaces/standing/services/api');
    await expect(openDryRun(fake, { ...own, namespace: 'other' })).rejects.toMatchObject({ code: 'NamespaceNotFound' });
  });

  test('leaves what belongs to no namespace where it is', async () => {
    const { fake, patches } = cluster();
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop-pr-42' } };
    await (await openDryRun(fake, own)).check(namespace);
    expect(patches[0]).toMatchObject({ path: '/api/v1/namespaces/shop-pr-42', body: namespace });
  });

  test('asks once which kinds a version has', async () => {
    const { fake, asked } = cluster();
    const validator = await openDryRun(fake, own);
    await Promise.all([validator.check(service({})), validator.check(service({}))]);
    expect(asked.filter((path) => path === '/api/v1')).toHaveLength(1);
  });

  test.each([
    ['version', { ...deployment(), apiVersion: 'apps/v1beta1' }],
    ['kind', { ...deployment(), kind: 'Deploymnet' }],
  ])('a %s that isn’t served is a fault', async (_, manifest) => {
    expect(await check({}, manifest)).toMatchObject({
      kind: 'faulty',
      faults: [{ field: '/kind', message: `the cluster doesn’t serve ${manifest.kind} of ${manifest.apiVersion}` }],
    });
  });

  test('hands on a refusal with its causes, and warnings', async () => {
    const causes = [{ reason: 'FieldValueInvalid', field: 'spec.type', message: 'no' }];
    const body = { kind: 'Status', message: 'Service "api" is invalid', details: { causes } };
    const answer = { status: 422, body, warnings: ['would violate PodSecurity'] };
    expect(await check({ answer }, service({}))).toEqual({
      kind: 'refused',
      refusal: { message: 'Service "api" is invalid', causes: [{ field: 'spec.type', message: 'no' }] },
      warnings: ['would violate PodSecurity'],
    });
  });

  test.each([
    [
      'an account that may not write',
      'services "api" is forbidden: User "x" cannot patch resource "services"',
      'unchecked',
    ],
    ['admission', 'pods "api" is forbidden: violates PodSecurity "restricted:latest"', 'refused'],
  ])('403 of %s', async (_, message, kind) => {
    expect(await check({ answer: { status: 403, body: { message } } }, service({}))).toMatchObject({ kind });
  });
});
