import type { Condition, Metadata, Owner, Pod } from './views.js';
import type { Workload } from './workload.js';

type Fared = Pick<Workload, 'health' | 'message'>;

/** What every object has in common. */
export const named = (kind: string, metadata: Metadata): Pick<Workload, 'kind' | 'name' | 'uid' | 'owner'> => {
  const owner = metadata.ownerReferences.find(({ controller }) => controller === true);
  return {
    kind,
    name: metadata.name,
    ...(metadata.uid === undefined ? {} : { uid: metadata.uid }),
    ...(owner === undefined ? {} : { owner: { kind: owner.kind, name: owner.name } }),
  };
};

/** Argo CD’s words, so that one rule reads both. */
const deleting = ({ deletionTimestamp, finalizers }: Metadata): Fared | undefined => {
  if (deletionTimestamp === undefined) return undefined;
  const blocked = finalizers.length === 0 ? '' : `; blocked by finalizers: ${finalizers.join(', ')}`;
  return { health: 'progressing', message: `Pending deletion${blocked}` };
};

export const podWorkload = ({ metadata, spec, status }: Pod): Workload => {
  const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const waiting = containers.map(({ state }) => state?.waiting).find((each) => isTrouble(each?.reason));
  const failed = containers.find(({ state }) => (state?.terminated?.exitCode ?? 0) !== 0);
  const unscheduled = status?.conditions.find((each) => each.type === 'PodScheduled' && each.status === 'False');
  const restarts = containers.reduce((sum, { restartCount }) => sum + restartCount, 0);
  const phase = status?.phase;
  const isReady = status?.conditions.some((each) => each.type === 'Ready' && each.status === 'True') === true;
  const fared = (): Fared => {
    if (waiting !== undefined) return { health: 'degraded', message: waiting.message ?? '' };
    if (phase === 'Failed' || failed !== undefined)
      return { health: 'degraded', message: failureOf(status?.message, failed) };
    if (phase === 'Succeeded' || isReady) return { health: 'healthy', message: '' };
    return { health: 'progressing', message: unscheduled?.message ?? '' };
  };
  return {
    ...named('Pod', metadata),
    ...(deleting(metadata) ?? fared()),
    ...(waiting?.reason === undefined ? {} : { reason: waiting.reason }),
    images: [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].flatMap(({ image }) => image ?? []),
    ...(restarts > 0 ? { restarts } : {}),
    ...(unscheduled === undefined ? {} : { isUnscheduled: true }),
    warnings: [],
  };
};

const isTrouble = (reason = ''): boolean => /Err|BackOff|InvalidImageName/.test(reason);

const failureOf = (message: string | undefined, failed: Container | undefined): string => {
  if (message !== undefined && message !== '') return message;
  if (failed === undefined) return 'the pod failed';
  return `container "${failed.name ?? ''}" failed with exit code ${failed.state?.terminated?.exitCode ?? '?'}`;
};
type Container = NonNullable<Pod['status']>['containerStatuses'][number];

export const ownerWorkload = (kind: 'Deployment' | 'ReplicaSet' | 'StatefulSet' | 'Job', owner: Owner): Workload => {
  const { metadata } = owner;
  const revision = Number(metadata.annotations?.['deployment.kubernetes.io/revision']);
  return {
    ...named(kind, metadata),
    ...(deleting(metadata) ?? (kind === 'Job' ? jobFared(owner) : replicasFared(kind, owner))),
    ...(kind === 'ReplicaSet' && revision > 0 ? { revision } : {}),
    images: [],
    warnings: [],
  };
};

const jobFared = ({ status }: Owner): Fared => {
  const failed = trueOf(status?.conditions, 'Failed');
  if (failed !== undefined) return { health: 'degraded', message: failed.message ?? '' };
  return { health: trueOf(status?.conditions, 'Complete') === undefined ? 'progressing' : 'healthy', message: '' };
};

const replicasFared = (kind: string, { metadata, spec, status }: Owner): Fared => {
  const failure = trueOf(status?.conditions, 'ReplicaFailure');
  if (failure !== undefined) return { health: 'degraded', message: failure.message ?? '' };
  if ((status?.observedGeneration ?? 0) < metadata.generation)
    return { health: 'progressing', message: `observed ${kind} generation less than desired generation` };
  const late = status?.conditions.find(({ reason }) => reason === 'ProgressDeadlineExceeded');
  if (late !== undefined) return { health: 'degraded', message: late.message ?? '' };
  const wanted = spec?.replicas ?? 1;
  const ready = status?.readyReplicas ?? 0;
  const updated = kind === 'ReplicaSet' ? ready : (status?.updatedReplicas ?? 0);
  return ready >= wanted && updated >= wanted
    ? { health: 'healthy', message: '' }
    : { health: 'progressing', message: `${ready} of ${wanted} ready, ${updated} updated` };
};

const trueOf = (conditions: readonly Condition[] | undefined, type: string): Condition | undefined =>
  conditions?.find((each) => each.type === type && each.status === 'True');
