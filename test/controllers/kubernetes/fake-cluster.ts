import type { Cluster, ClusterObject } from '../../../src/controllers/kubernetes/cluster.js';
import { refusedError } from '../../../src/model/errors.js';

/** What lies at a path: an object, the items of a list, or no permission. Nothing there: 404. */
export type Lies = Readonly<Record<string, ClusterObject | readonly ClusterObject[] | 'forbidden'>>;

export interface FakeCluster extends Cluster {
  lies: Lies;
  readonly asked: string[];
}

export const fakeCluster = (lies: Lies): FakeCluster => {
  const cluster: FakeCluster = {
    lies,
    asked: [],
    server: 'https://cluster.example.com',
    get: (path) => Promise.resolve().then(() => at(path) as ClusterObject | undefined),
    list: (path) => Promise.resolve().then(() => at(path) as readonly ClusterObject[] | undefined),
    patch: () => Promise.reject(new Error('nothing is written')),
  };
  const at = (path: string) => {
    cluster.asked.push(path);
    const found = cluster.lies[path];
    if (found === 'forbidden')
      throw refusedError('ClusterForbidden', 'the cluster forbids it: cannot list', { where: path });
    return found;
  };
  return cluster;
};

/** Lists of a namespace, from a mixed `kubectl get … -o json`. */
export const namespaceLists = (namespace: string, items: readonly ClusterObject[]): Lies => {
  const of = (kind: string): readonly ClusterObject[] => items.filter((item) => item.kind === kind);
  const apps = `/apis/apps/v1/namespaces/${namespace}`;
  return {
    [`/api/v1/namespaces/${namespace}/pods`]: of('Pod'),
    [`/api/v1/namespaces/${namespace}/events`]: of('Event'),
    [`${apps}/deployments`]: of('Deployment'),
    [`${apps}/replicasets`]: of('ReplicaSet'),
    [`${apps}/statefulsets`]: of('StatefulSet'),
    [`/apis/batch/v1/namespaces/${namespace}/jobs`]: of('Job'),
  };
};
