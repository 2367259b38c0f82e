import type * as z from 'zod';
import { isBivouacError, temporaryError } from '../../model/errors.js';
import type { Cluster, ClusterObject } from './cluster.js';
import { ownerWorkload, podWorkload } from './health.js';
import { eventView, type KubernetesEvent, ownerView, podView } from './views.js';
import type { Workload } from './workload.js';

/**
 * How a namespace’s workloads fare, read from the cluster, each with its warnings; what this account may not list is left out.
 * `since` (RFC 3339): older events of StatefulSets, which keep their name from commit to commit, aren’t told. @default all
 */
export const observe = async (cluster: Cluster, namespace: string, since?: string): Promise<readonly Workload[]> => {
  const core = `/api/v1/namespaces/${namespace}`;
  const apps = `/apis/apps/v1/namespaces/${namespace}`;
  const read = (path: string): Promise<readonly ClusterObject[]> => allowed(() => cluster.list(path));
  const [pods, deployments, replicaSets, statefulSets, jobs, events] = await Promise.all([
    read(`${core}/pods`),
    read(`${apps}/deployments`),
    read(`${apps}/replicasets`),
    read(`${apps}/statefulsets`),
    read(`/apis/batch/v1/namespaces/${namespace}/jobs`),
    read(`${core}/events`),
  ]);
  const seen = events.map((each) => parsed(eventView, each));
  return [
    ...pods.map((each) => podWorkload(parsed(podView, each))),
    ...deployments.map((each) => ownerWorkload('Deployment', parsed(ownerView, each))),
    ...replicaSets.map((each) => ownerWorkload('ReplicaSet', parsed(ownerView, each))),
    ...statefulSets.map((each) => ownerWorkload('StatefulSet', parsed(ownerView, each))),
    ...jobs.map((each) => ownerWorkload('Job', parsed(ownerView, each))),
  ].map((workload) => ({ ...workload, warnings: warningsOf(workload, seen, since) }));
};

/** Nothing, where this account may not look. */
const allowed = async (
  read: () => Promise<readonly ClusterObject[] | undefined>,
): Promise<readonly ClusterObject[]> => {
  try {
    return (await read()) ?? [];
  } catch (error) {
    if (isBivouacError(error) && error.code === 'ClusterForbidden') return [];
    throw error;
  }
};

/** @throws TemporaryError ClusterUnavailable */
export const parsed = <Schema extends z.ZodType>(schema: Schema, object: ClusterObject): z.infer<Schema> => {
  const found = schema.safeParse(object);
  if (found.success) return found.data;
  throw temporaryError(
    'ClusterUnavailable',
    `the cluster’s answer can’t be read: ${found.error.issues[0]?.message ?? ''}`,
    {
      ...(object.metadata?.name === undefined ? {} : { where: object.metadata.name }),
      remedy: 'Run again. If it stays, this is no Kubernetes that Bivouac knows.',
    },
  );
};

const warningsOf = (workload: Workload, events: readonly KubernetesEvent[], since?: string): readonly string[] => {
  const begin = workload.kind === 'StatefulSet' ? Date.parse(since ?? '') : NaN;
  return events
    .filter((each) => each.type === 'Warning' && each.involvedObject?.uid === workload.uid)
    .map((each) => ({ message: each.message ?? '', at: Date.parse(timeOf(each)) }))
    .filter(({ at }) => !(at < begin))
    .sort((a, b) => b.at - a.at)
    .map(({ message }) => message);
};

const timeOf = ({ series, lastTimestamp, eventTime }: KubernetesEvent): string =>
  series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? '';
