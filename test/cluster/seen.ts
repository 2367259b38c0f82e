import { setTimeout } from 'node:timers/promises';
import { type Kubernetes, type Live, places } from './kubernetes.js';

/** Asks again and again until there is an answer; throws what was last said after so many seconds. */
export const until = async <Answer>(
  seconds: number,
  probe: () => Promise<Answer | undefined | false>,
  { what, everyMs = 500 }: { readonly what: () => string; readonly everyMs?: number },
): Promise<Answer> => {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await probe();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > end) throw new Error(`after ${seconds} s: ${what()}`);
    await setTimeout(everyMs);
  }
};

interface Pod extends Live {
  readonly spec: { readonly containers: readonly { readonly image: string }[] };
  readonly status: {
    readonly phase: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

/** Images of the pods that serve: not of Jobs, not on their way out. `waiting`: pods that don't. */
export const servingImages = async (kubernetes: Kubernetes, namespace: string) => {
  const pods = (await kubernetes.list(places.pods(namespace))) as readonly Pod[];
  const serving = pods.filter(
    ({ metadata }) =>
      metadata.deletionTimestamp === undefined && metadata.labels?.['batch.kubernetes.io/job-name'] === undefined,
  );
  const isReady = ({ status }: Pod): boolean =>
    status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true;
  return {
    images: [...new Set(serving.flatMap(({ spec }) => spec.containers.map(({ image }) => image)))].sort(),
    waiting: serving.filter((pod) => !isReady(pod)).map(({ metadata }) => metadata.name),
  };
};

/** By the cluster alone: this commit's images run, nothing else does, all are ready. Undefined: so it is. */
export const notServing = async (
  kubernetes: Kubernetes,
  { namespace, sha }: { readonly namespace: string; readonly sha: string },
): Promise<string | undefined> => {
  const { images, waiting } = await servingImages(kubernetes, namespace);
  const own = images.filter((image) => image.startsWith('ghcr.io/acme/'));
  if (own.length === 0) return `${namespace} has no pods of ours`;
  const other = own.filter((image) => !image.endsWith(`:${sha}`));
  if (other.length > 0) return `${namespace} runs ${other.join(', ')} and should run ${sha}`;
  return waiting.length > 0 ? `${waiting.join(', ')} in ${namespace} aren’t ready` : undefined;
};

/** Application, namespace and volumes of an environment: what of it there is. */
export const leftOf = async (kubernetes: Kubernetes, name: string): Promise<readonly string[]> => {
  const [application, namespace, volumes] = await Promise.all([
    kubernetes.get(places.application(name)),
    kubernetes.get(places.namespace(name)),
    kubernetes.list('/api/v1/persistentvolumes'),
  ]);
  const claimed = volumes.filter(
    ({ spec }) => (spec as { claimRef?: { namespace?: string } }).claimRef?.namespace === name,
  );
  return [
    ...(application === undefined ? [] : ['Application']),
    ...(namespace === undefined ? [] : ['Namespace']),
    ...claimed.map(({ metadata }) => `PersistentVolume ${metadata.name}`),
  ];
};
