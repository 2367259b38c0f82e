import { describe, expect, test } from '@jest/globals';
import { openFluxInCluster } from '../../../src/controllers/flux/in-cluster.js';
import { commitIn } from '../../../src/controllers/flux/readiness.js';
import type { ClusterObject } from '../../../src/controllers/kubernetes/cluster.js';
import { anExpected, answer, id, images } from '../answers.js';
import { fakeCluster, type Lies, namespaceLists } from '../kubernetes/fake-cluster.js';

const kustomizations = '/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations';
const source = '/apis/source.toolkit.fluxcd.io/v1/namespaces/flux-system/gitrepositories/environments';
const own = `${kustomizations}/shop-pr-42`;

const recorded = (name: string): Raw => answer<Raw>(`flux/answers/${name}`);
interface Raw extends ClusterObject {
  metadata: { name: string; generation: number; deletionTimestamp?: string };
  spec: { path: string; suspend?: boolean };
  status: {
    lastAppliedRevision?: string;
    lastAttemptedRevision: string;
    conditions: { type: string; status: string; message: string; lastTransitionTime: string }[];
  };
}
const pods = namespaceLists('shop-pr-42', answer<{ items: ClusterObject[] }>('kubernetes/answers/image-missing').items);
const open = (lies: Lies) => {
  const cluster = fakeCluster(lies);
  return { cluster, controller: openFluxInCluster(cluster) };
};
const expected = () => anExpected({ images: [...images, 'ghcr.io/acme/missing-api:1'] });

test('a commit is read from every form of a revision, and from nothing else', () => {
  const commit = 'a'.repeat(40);
  expect(['main', 'refs/heads/main'].map((branch) => commitIn(`${branch}@sha1:${commit}`))).toEqual([commit, commit]);
  expect([undefined, 'main', `main@sha1:${commit.slice(1)}`, commit].map(commitIn)).toEqual(Array(4).fill(undefined));
});

describe('ready', () => {
  test('what is applied, healthy and of this generation', async () => {
    const { controller } = open({ [own]: recorded('ready') });
    expect(await controller.status(anExpected())).toEqual({
      phase: 'ready',
      message: 'this commit is applied and healthy',
      causes: [],
      revision: recorded('ready').status.lastAppliedRevision,
    });
  });

  test.each<readonly [string, (raw: Raw) => void, RegExp]>([
    ['another generation', ({ metadata }) => (metadata.generation = 2), /look at it/],
    ['suspended', ({ spec }) => (spec.suspend = true), /suspended/],
    ['another path', ({ spec }) => (spec.path = './environments/shop/pr-4/manifests'), /apply this commit/],
    ['in progress', ({ status }) => (status.conditions[0]!.status = 'Unknown'), /is applying/],
    ['no commit', ({ status }) => (status.lastAppliedRevision = 'main'), /apply this commit/],
  ])('not: %s', async (_name, change, words) => {
    const raw = recorded('ready');
    change(raw);
    const { controller } = open({ [own]: raw });
    const { phase, message } = await controller.status(anExpected());
    expect(phase).toBe('deploying');
    expect(message).toMatch(words);
  });

  test('not: another commit', async () => {
    const { controller } = open({ [own]: recorded('ready') });
    const { phase, causes } = await controller.status(anExpected({ holds: () => Promise.resolve(false) }));
    expect({ phase, kinds: causes.map(({ kind }) => kind) }).toEqual({
      phase: 'deploying',
      kinds: ['FrozenSet', 'FrozenSet'],
    });
  });

  test('never while it goes', async () => {
    const raw = recorded('ready');
    raw.metadata.deletionTimestamp = '2026-11-26T00:00:00Z';
    expect((await open({ [own]: raw }).controller.status(anExpected())).phase).toBe('removing');
  });
});

describe('failures', () => {
  test('an image that is missing is told by its pod', async () => {
    const { controller, cluster } = open({ ...pods, [own]: recorded('image-missing') });
    const { causes } = await controller.status(expected());
    expect(causes).toMatchObject([{ kind: 'ImagePull', component: 'api', object: 'Pod/api-7868f76864-h7vcl' }]);
    cluster.lies = { [own]: recorded('image-missing') };
    const blind = await controller.status(anExpected());
    expect(blind.causes).toEqual([]);
  });

  test.each([
    [
      'broken-manifest',
      'BrokenManifest',
      'Kustomization/shop-pr-42',
      /^failed to decode Kubernetes YAML from environments\/shop\/pr-42\/manifests\/raw\.yaml/,
    ],
    ['unknown-kind', 'UnknownKind', 'Widget/x', /no matches for kind "Widget"/],
  ])('%s is told once it is of this commit', async (...[name, kind, object, words]) => {
    const { controller, cluster } = open({ [own]: recorded(name) });
    const waited = expected();
    expect((await controller.status(waited)).causes).toEqual([]);
    const retried = recorded(name);
    retried.status.conditions.forEach((condition) => (condition.lastTransitionTime = '2026-11-26T01:00:00Z'));
    cluster.lies = { [own]: retried };
    const { causes } = await controller.status(waited);
    expect(causes).toMatchObject([{ kind, object, remedy: expect.any(String) }]);
    expect(causes[0]?.message).toMatch(words);
  });

  test('without a Kustomization the source is looked at', async () => {
    const broken = (message: string): ClusterObject => ({
      metadata: { generation: 1 },
      status: { conditions: [{ type: 'Ready', status: 'False', message, observedGeneration: 1 }] },
    });
    const lies = { [source]: broken('failed to checkout'), [`${kustomizations}/environments`]: 'forbidden' as const };
    const { phase, causes } = await open(lies).controller.status(anExpected());
    expect(phase).toBe('absent');
    expect(causes).toMatchObject([
      { kind: 'FrozenSet', object: 'GitRepository/environments', message: 'failed to checkout' },
    ]);
  });
});

test('what is left is Kustomization, namespace and volumes; what may not be read is unread', async () => {
  const nothing = open({ '/api/v1/persistentvolumes': [] }).controller;
  expect((await nothing.remains(id)).parts.map(({ kind, presence }) => `${kind} ${presence}`)).toEqual([
    'Kustomization gone',
    'Namespace gone',
    'PersistentVolume gone',
  ]);
  const blind = open({
    [own]: 'forbidden',
    '/api/v1/namespaces/shop-pr-42': 'forbidden',
    '/api/v1/persistentvolumes': 'forbidden',
  });
  const { parts } = await blind.controller.remains(id);
  expect(parts.map(({ presence }) => presence)).toEqual(['unread', 'unread', 'unread']);
  expect(parts.every(({ why }) => why !== undefined)).toBe(true);
});
