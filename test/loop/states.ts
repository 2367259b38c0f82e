import { type Live, places } from '../cluster/kubernetes.js';
import { leftOf, notServing } from '../cluster/seen.js';
import type { Loop } from './loop.js';
import type { Thread } from './thread.js';

interface Workload extends Live {
  readonly spec: { readonly replicas?: number };
}

/** What Git holds of an environment; undefined: nothing. */
export interface Held {
  readonly headSha: string;
  readonly state: string;
  readonly components: readonly string[];
}

export const heldOf = ({ environmentFile, name }: Loop, { number }: Thread): Promise<Held | undefined> =>
  environmentFile(`environments/${name}/pr-${number}/environment.json`) as Promise<Held | undefined>;

/** Deployments and StatefulSets, as the API server has them. */
export const workloadsOf = async ({ kubernetes }: Loop, { environment }: Thread): Promise<readonly Workload[]> => {
  const kinds = ['deployments', 'statefulsets'];
  const lists = kinds.map((kind) => kubernetes.list(`/apis/apps/v1/namespaces/${environment}/${kind}`));
  return (await Promise.all(lists)).flat() as readonly Workload[];
};

const namesOf = (objects: readonly Live[]): string =>
  objects
    .map(({ metadata }) => metadata.name)
    .sort()
    .join();

/** These run, all ready, in this commit's images, and nothing else does. Undefined: so it is. */
export const lackingToRun = async (
  loop: Loop,
  thread: Thread,
  { sha, components }: { readonly sha: string; readonly components: readonly string[] },
): Promise<string | undefined> => {
  const wrong = await notServing(loop.kubernetes, { namespace: thread.environment, sha });
  if (wrong !== undefined) return wrong;
  const workloads = namesOf(await workloadsOf(loop, thread));
  return workloads === [...components].sort().join() ? undefined : `there are ${workloads}`;
};

/** Nothing runs, and the volume is kept. */
export const lackingToSleep = async (loop: Loop, thread: Thread): Promise<string | undefined> => {
  const workloads = await workloadsOf(loop, thread);
  const awake = workloads.filter(({ spec }) => spec.replicas !== 0);
  if (workloads.length === 0 || awake.length > 0) return `awake: ${namesOf(awake)}`;
  const pods = (await loop.kubernetes.list(places.pods(thread.environment))).filter(
    ({ metadata }) => metadata.labels?.['batch.kubernetes.io/job-name'] === undefined,
  );
  if (pods.length > 0) return `there are the pods ${namesOf(pods)}`;
  return (await claimOf(loop, thread)) === undefined ? 'the volume is gone' : undefined;
};

/** The database's volume; undefined: there is none. */
export const claimOf = async ({ kubernetes }: Loop, { environment }: Thread): Promise<string | undefined> =>
  (await kubernetes.list(`/api/v1/namespaces/${environment}/persistentvolumeclaims`))[0]?.metadata.uid;

/** Neither Application nor namespace nor volumes. Undefined: so it is. */
export const lackingToBeGone = async ({ kubernetes }: Loop, { environment }: Thread): Promise<string | undefined> => {
  const left = await leftOf(kubernetes, environment);
  return left.length === 0 ? undefined : `there is ${left.join(', ')}`;
};
