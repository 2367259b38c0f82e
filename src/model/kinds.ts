import type { Manifest } from './manifest.js';
import { groupOf } from './manifest.js';

export interface Kind {
  readonly group: string;
  readonly kind: string;
  /** `chart`: a component may bring it. `frame`: only the frame does. `shown`: nobody does, but Argo CD must list it to show pods. */
  readonly from: 'chart' | 'frame' | 'shown';
}

const from = (origin: Kind['from'], group: string, ...kinds: readonly string[]): readonly Kind[] =>
  kinds.map((kind) => ({ group, kind, from: origin }));

/**
 * Every kind an environment may hold beside what `policy.kinds` and `cluster.frame` add: one table for the gate and for the
 * AppProject. Roles, webhooks, CRDs and everything cluster-scoped but the own Namespace are absent on purpose.
 */
export const kinds: readonly Kind[] = [
  ...from('chart', '', 'ConfigMap', 'Service', 'PersistentVolumeClaim'),
  ...from('chart', 'apps', 'Deployment', 'StatefulSet'),
  ...from('chart', 'batch', 'Job', 'CronJob'),
  ...from('chart', 'autoscaling', 'HorizontalPodAutoscaler'),
  ...from('chart', 'networking.k8s.io', 'Ingress'),
  ...from('chart', 'gateway.networking.k8s.io', 'HTTPRoute'),
  ...from('chart', 'route.openshift.io', 'Route'),
  ...from('chart', 'external-secrets.io', 'ExternalSecret'),
  ...from('chart', 'bitnami.com', 'SealedSecret'),
  ...from('frame', '', 'Namespace', 'ResourceQuota', 'LimitRange', 'ServiceAccount'),
  ...from('frame', 'networking.k8s.io', 'NetworkPolicy'),
  ...from('shown', '', 'Pod'),
  ...from('shown', 'apps', 'ReplicaSet'),
];

/** `apps/Deployment`, `ConfigMap`: how `policy.kinds` writes a kind. */
export const printKind = ({ group, kind }: Pick<Kind, 'group' | 'kind'>): string =>
  group === '' ? kind : `${group}/${kind}`;

export const kindOf = (manifest: Manifest): Pick<Kind, 'group' | 'kind'> => ({
  group: groupOf(manifest.apiVersion),
  kind: manifest.kind,
});
