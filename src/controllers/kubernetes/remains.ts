import type { Cause, RemainingPart } from '../../model/deployment.js';
import { isBivouacError } from '../../model/errors.js';
import type { Cluster } from './cluster.js';
import { parsed } from './observe.js';
import { type Condition, namespaceView, type Volume, volumeView } from './views.js';
import { cut } from './words.js';

export interface Remainder {
  readonly parts: readonly RemainingPart[];
  readonly causes: readonly Cause[];
}

/** Looks, or says why it may not: then it is unread and never gone. @throws what isn’t a lack of permission */
export const orUnread = async (
  part: Pick<RemainingPart, 'kind' | 'name'>,
  look: () => Promise<Remainder>,
): Promise<Remainder> => {
  try {
    return await look();
  } catch (error) {
    if (!isBivouacError(error) || error.code !== 'ClusterForbidden') throw error;
    return { parts: [{ ...part, presence: 'unread', why: error.message }], causes: [] };
  }
};

/** An environment’s namespace, with what holds it. */
export const namespaceRemains = (cluster: Cluster, name: string): Promise<Remainder> =>
  orUnread({ kind: 'Namespace', name }, async () => {
    const found = await cluster.get(`/api/v1/namespaces/${name}`);
    const presence = found === undefined ? 'gone' : 'there';
    const conditions = found === undefined ? [] : (parsed(namespaceView, found).status?.conditions ?? []);
    return { parts: [{ kind: 'Namespace', name, presence }], causes: namespaceCauses(name, conditions) };
  });

/** Volumes that were claimed in it; one part that stands for all where there is none. */
export const volumeRemains = (cluster: Cluster, name: string): Promise<Remainder> =>
  orUnread({ kind: 'PersistentVolume', name }, async () => {
    const all = (await cluster.list('/api/v1/persistentvolumes')) ?? [];
    const own = all.map((each) => parsed(volumeView, each)).filter(({ spec }) => spec?.claimRef?.namespace === name);
    if (own.length === 0) return { parts: [{ kind: 'PersistentVolume', name, presence: 'gone' }], causes: [] };
    return {
      parts: own.map(({ metadata }) => ({ kind: 'PersistentVolume', name: metadata.name, presence: 'there' })),
      causes: own.flatMap((volume) => (isKept(volume) ? [kept(volume)] : [])),
    };
  });

const isKept = ({ spec, status }: Volume): boolean =>
  status?.phase === 'Failed' || (status?.phase === 'Released' && spec?.persistentVolumeReclaimPolicy === 'Retain');

const kept = ({ metadata, status }: Volume): Cause => ({
  kind: 'Degraded',
  object: `PersistentVolume/${metadata.name}`,
  message:
    status?.phase === 'Failed' ? 'the storage couldn’t delete it' : 'its reclaim policy is Retain: nobody deletes it',
  remedy: `Delete it, and its data where the storage keeps them: kubectl delete persistentvolume ${metadata.name}`,
});

/** What a terminating namespace says of its own end: what is left in it, and whose finalizers hold that. */
const namespaceCauses = (name: string, conditions: readonly Condition[]): readonly Cause[] => {
  const of = (type: string): string | undefined =>
    conditions.find((each) => each.type === type && each.status === 'True')?.message;
  const object = `Namespace/${name}`;
  const finalizers = of('NamespaceFinalizersRemaining');
  const content = of('NamespaceContentRemaining') ?? '';
  const broken = conditions.filter(({ type, status }) => /Failure$/.test(type) && status === 'True');
  return [
    ...(finalizers === undefined
      ? []
      : [
          {
            kind: 'Finalizer',
            object,
            message: cut(`${finalizers}. ${content}`),
            remedy: freeing(name, content),
          } as const,
        ]),
    ...broken.map(({ message = '' }) => ({
      kind: 'Finalizer' as const,
      object,
      message: cut(message),
      remedy: 'A kind of the cluster doesn’t answer: kubectl get apiservices shows which isn’t Available.',
    })),
  ];
};

/** `Some resources are remaining: configmaps. has 1 resource instances, deployments.apps has 2 resource instances` */
const freeing = (name: string, content: string): string => {
  const kinds = [...content.matchAll(/([a-z0-9]+\.[-a-z0-9.]*) has \d+/g)].map(([, kind = '']) =>
    kind.replace(/\.$/, ''),
  );
  const which = kinds.length === 0 ? 'all' : kinds.join(',');
  return (
    `See what is left: kubectl get ${which} -n ${name}. Whoever set the finalizer has to take it off; if that controller is gone: ` +
    `kubectl patch -n ${name} ${kinds.length === 1 ? kinds[0] : '<kind>'} <name> --type=merge -p '{"metadata":{"finalizers":null}}'`
  );
};
