import { describe, expect, test } from '@jest/globals';
import { openArgoCdInCluster } from '../../../src/controllers/argocd/in-cluster.js';
import type { ClusterObject } from '../../../src/controllers/kubernetes/cluster.js';
import { anExpected, answer, fakeClock, id, images } from '../answers.js';
import { fakeCluster, type Lies, namespaceLists } from '../kubernetes/fake-cluster.js';
import { failingImages, syncFailures, workloadFailures } from './failures.js';
import type { Recorded } from './server.js';

const argocd = '/apis/argoproj.io/v1alpha1/namespaces/argocd';
const own = `${argocd}/applications/shop-pr-42`;
const set = `${argocd}/applicationsets/shop-environments`;
const volumes = '/api/v1/persistentvolumes';
const namespace = '/api/v1/namespaces/shop-pr-42';

const application = (name: string) => answer<Recorded>(`argocd/answers/${name}`).application as Raw;
interface Raw extends ClusterObject {
  metadata: { annotations: Record<string, string> };
  status: {
    reconciledAt: string;
    operationState?: { operation?: unknown; syncResult: { revision: string } };
    conditions?: { message: string }[];
  };
}
const expected = anExpected({ images: [...images, ...failingImages] });
const open = (lies: Lies) => {
  const cluster = fakeCluster(lies);
  const clock = fakeClock();
  return { cluster, clock, controller: openArgoCdInCluster(cluster, { clock }) };
};

test.each(syncFailures)('$answer is told as by Argo CD’s own API', async (failure) => {
  const { causes } = await open({ [own]: application(failure.answer) }).controller.status(expected);
  expect(causes).toMatchObject([{ kind: failure.kind, object: failure.object }]);
  expect(causes[0]?.component).toBe(failure.component);
  expect(causes[0]?.message).toMatch(failure.says);
});

test.each(workloadFailures)('$answer is told from the cluster’s own objects', async (failure) => {
  const { items } = answer<{ items: ClusterObject[] }>(`kubernetes/answers/${failure.answer}`);
  const lies = { ...namespaceLists('shop-pr-42', items), [own]: application(failure.answer) };
  const { causes } = await open(lies).controller.status(expected);
  expect(causes[0]).toMatchObject({ kind: failure.kind, object: failure.object });
  expect(causes[0]?.component).toBe(failure.component);
  expect(causes[0]?.message).toMatch(failure.says);
  expect(causes[0]?.remedy).toMatch(failure.remedy);
});

describe('ready, where no comparison can be asked for', () => {
  test('at once, when a whole sync of these manifests has succeeded', async () => {
    expect((await open({ [own]: application('ready') }).controller.status(anExpected())).phase).toBe('ready');
  });

  /** Nothing was synced for what is expected: only images say that it runs. */
  const unsynced = (change: (raw: Raw) => void = () => undefined): Raw => {
    const raw = application('ready');
    delete raw.status.operationState;
    change(raw);
    return raw;
  };
  const later = (raw: Raw): void => {
    raw.status.reconciledAt = '2026-11-25T23:59:00Z';
  };

  test('else after one more comparison', async () => {
    const { controller, cluster } = open({ [own]: unsynced() });
    const waited = anExpected();
    for (let readings = 0; readings < 2; readings++)
      expect((await controller.status(waited)).message).toMatch(/next comparison/);
    cluster.lies = { [own]: unsynced(later) };
    expect((await controller.status(waited)).phase).toBe('ready');
  });

  test('and not at all while Argo CD may answer from an old diff', async () => {
    const { controller, cluster } = open({ [own]: unsynced() });
    const waited = anExpected();
    await controller.status(waited);
    const serverSide = unsynced((raw) => {
      later(raw);
      raw.metadata.annotations = {};
    });
    cluster.lies = { [own]: serverSide };
    expect((await controller.status(waited)).phase).toBe('deploying');
  });

  test('a sync of some objects proves nothing', async () => {
    const raw = application('ready');
    raw.status.operationState!.operation = { sync: { resources: [{ kind: 'Deployment', name: 'web' }] } };
    expect((await open({ [own]: raw }).controller.status(anExpected())).phase).toBe('deploying');
  });
});

test('a broken manifest is told once Argo CD must have looked at the branch anew', async () => {
  const { controller, clock } = open({ [own]: application('broken-manifest') });
  const waited = anExpected();
  expect((await controller.status(waited)).causes).toEqual([]);
  clock.pass(179_000);
  expect((await controller.status(waited)).causes).toEqual([]);
  clock.pass(2_000);
  expect((await controller.status(waited)).causes).toMatchObject([{ kind: 'BrokenManifest' }]);
});

test('without an Application the set is looked at, as far as it may be', async () => {
  const broken = answer<ClusterObject>('argocd/answers/set-broken-file');
  expect(await open({ [set]: broken }).controller.status(anExpected())).toMatchObject({
    phase: 'absent',
    causes: [{ kind: 'FrozenSet' }],
  });
  expect(await open({ [set]: 'forbidden' }).controller.status(anExpected())).toMatchObject({
    phase: 'absent',
    causes: [],
  });
  await expect(open({ [own]: 'forbidden' }).controller.status(anExpected())).rejects.toMatchObject({
    code: 'ClusterForbidden',
  });
});

describe('what is left after a removal', () => {
  const volume = (name: string, of: string, [phase, policy] = ['Bound', 'Delete']): ClusterObject => ({
    metadata: { name },
    spec: { claimRef: { namespace: of }, persistentVolumeReclaimPolicy: policy },
    status: { phase },
  });
  const partsOf = async (lies: Lies) => {
    const { parts, causes } = await open(lies).controller.remains(id);
    return { parts: parts.map(({ kind, name, presence }) => `${kind} ${name} ${presence}`), causes };
  };

  test('nothing; other namespaces’ volumes are none of it', async () => {
    expect(await partsOf({ [volumes]: [volume('pv-1', 'shop-pr-4')] })).toEqual({
      parts: ['Application shop-pr-42 gone', 'Namespace shop-pr-42 gone', 'PersistentVolume shop-pr-42 gone'],
      causes: [],
    });
  });

  test('a volume that nobody deletes', async () => {
    const lies = { [volumes]: [volume('pv-1', 'shop-pr-42', ['Released', 'Retain']), volume('pv-2', 'shop-pr-42')] };
    const { parts, causes } = await partsOf(lies);
    expect(parts.slice(2)).toEqual(['PersistentVolume pv-1 there', 'PersistentVolume pv-2 there']);
    expect(causes).toMatchObject([
      {
        object: 'PersistentVolume/pv-1',
        remedy: expect.stringMatching(/kubectl delete persistentvolume pv-1/) as unknown as string,
      },
    ]);
  });

  test('a namespace that somebody’s finalizer holds: what, whose, and the command', async () => {
    const { parts, causes } = await partsOf({
      [own]: application('removing-finalizer'),
      [namespace]: answer<ClusterObject>('kubernetes/answers/namespace-stuck'),
    });
    expect(parts.slice(0, 2)).toEqual(['Application shop-pr-42 there', 'Namespace shop-pr-42 there']);
    expect(causes).toMatchObject([{ kind: 'Finalizer', object: 'Namespace/shop-pr-42' }]);
    expect(causes[0]?.message).toMatch(/example\.com\/stuck in 1 resource instances\. .*configmaps/);
    expect(causes[0]?.remedy).toMatch(/kubectl get configmaps -n shop-pr-42.*kubectl patch -n shop-pr-42 configmaps/);
  });

  test('an object of its own that a finalizer holds; Kubernetes’ own ones go by themselves', async () => {
    const held = (name: string, finalizer: string): ClusterObject => ({
      metadata: { name, deletionTimestamp: '2026-11-25T23:37:19Z', finalizers: [finalizer] },
    });
    const { causes } = await partsOf({
      [own]: application('removing-finalizer'),
      '/apis/apps/v1/namespaces/shop-pr-42/deployments': [
        held('api', 'example.com/stuck'),
        held('web', 'foregroundDeletion'),
      ],
    });
    expect(causes).toMatchObject([{ kind: 'Finalizer', object: 'Deployment/api' }]);
  });

  test('an Application that a sync or a hook’s finalizer holds, and one whose set is frozen', async () => {
    const running = await partsOf({ [own]: application('removing-sync-running') });
    expect(running.causes).toMatchObject([{ kind: 'SyncRunning' }]);
    const hooked = application('removing-finalizer');
    Object.assign(hooked.metadata, { finalizers: ['post-delete-finalizer.argocd.argoproj.io'] });
    expect((await partsOf({ [own]: hooked })).causes).toMatchObject([
      { kind: 'Finalizer', object: 'Application/shop-pr-42' },
    ]);
    const frozen = answer<ClusterObject>('argocd/answers/set-missing-key');
    expect((await partsOf({ [own]: application('ready'), [set]: frozen })).causes).toMatchObject([
      { kind: 'FrozenSet' },
    ]);
  });

  test('what may not be read is unread, with why', async () => {
    const { parts } = await open({
      [own]: 'forbidden',
      [namespace]: 'forbidden',
      [volumes]: 'forbidden',
    }).controller.remains(id);
    expect(parts.map(({ presence, why }) => [presence, why === undefined])).toEqual(Array(3).fill(['unread', false]));
  });
});
