/** One object of an environment with how it fares, as a resource tree or the cluster shows it. */
export interface Workload {
  readonly kind: string;
  readonly name: string;
  readonly uid?: string;
  /** Its owner. */
  readonly owner?: { readonly kind: string; readonly name: string };
  readonly health: 'healthy' | 'progressing' | 'degraded' | 'missing';
  /** Why it isn't healthy; may be empty. */
  readonly message: string;
  /** Of a pod, its own or its first waiting container’s: `ImagePullBackOff`, `CrashLoopBackOff` … */
  readonly reason?: string;
  /** Of a ReplicaSet: the highest is the present one. */
  readonly revision?: number;
  /** Empty: not known. */
  readonly images: readonly string[];
  /** Of a pod: how often its containers were started anew. @default 0 */
  readonly restarts?: number;
  /** Of a pod that no node has taken. */
  readonly isUnscheduled?: boolean;
  /** Texts of its warnings, newest first. */
  readonly warnings: readonly string[];
}

export const printWorkload = ({ kind, name }: Pick<Workload, 'kind' | 'name'>): string => `${kind}/${name}`;

/** The object and its owners, from itself to the top. */
export const chainOf = (workload: Workload, all: readonly Workload[]): readonly Workload[] => {
  const chain: Workload[] = [];
  let next: Workload | undefined = workload;
  while (next !== undefined && chain.length < 5) {
    chain.push(next);
    const { owner }: Workload = next;
    next = owner && all.find(({ kind, name }) => kind === owner.kind && name === owner.name);
  }
  return chain;
};

/**
 * What is left over from an earlier commit: pods and ReplicaSets below another than the newest ReplicaSet, or below what is gone already,
 * pods of which no image is wanted any more, and all below a Deployment that its controller hasn't looked at.
 */
export const isLeftover = (workload: Workload, all: readonly Workload[], images: readonly string[]): boolean => {
  const chain = chainOf(workload, all);
  const top = chain.at(-1) ?? workload;
  if (top.owner !== undefined && ['ReplicaSet', 'Deployment', 'Job', 'StatefulSet'].includes(top.owner.kind))
    return true;
  if (chain.some((each) => each.kind === 'ReplicaSet' && isOutdated(each, all))) return true;
  if (chain.length > 1 && /observed .*generation less than/i.test(top.message)) return true;
  const isKnown = workload.images.length > 0 && images.length > 0;
  return workload.kind === 'Pod' && isKnown && !workload.images.some((image) => images.includes(image));
};

const isOutdated = ({ owner, revision }: Workload, all: readonly Workload[]): boolean =>
  revision !== undefined &&
  all.some(
    (each) =>
      each.kind === 'ReplicaSet' &&
      each.owner?.name === owner?.name &&
      each.revision !== undefined &&
      each.revision > revision,
  );
