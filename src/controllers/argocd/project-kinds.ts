import type { Config } from '../../config/config.js';
import { type Kind, kindOf, kinds, printKind } from '../../model/kinds.js';

export interface GroupKind {
  readonly group: string;
  readonly kind: string;
}

/**
 * The AppProject's `namespaceResourceWhitelist`: the built-in kinds, those of `policy.kinds`, and those of the platform's own frame
 * objects. Sorted. The Namespace is cluster-scoped and has a list of its own; `Pod` and `ReplicaSet` are in so that Argo CD shows them.
 */
export const projectKinds = (config: Pick<Config, 'policy' | 'cluster'>): readonly GroupKind[] => {
  const all: readonly Pick<Kind, 'group' | 'kind'>[] = [
    ...kinds.filter(({ kind }) => kind !== 'Namespace'),
    ...config.policy.kinds.map(parseKind),
    ...config.cluster.frame.map(kindOf),
  ];
  const byName = new Map(all.map(({ group, kind }) => [printKind({ group, kind }), { group, kind }]));
  return [...byName.values()].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
};

/** `monitoring.coreos.com/PodMonitor`, `ConfigMap` */
const parseKind = (text: string): GroupKind => {
  const slash = text.lastIndexOf('/');
  return { group: slash < 0 ? '' : text.slice(0, slash), kind: text.slice(slash + 1) };
};

const sortKey = ({ group, kind }: GroupKind): string => `${group}/${kind}`;
