import type { Workload } from '../kubernetes/workload.js';
import type { Events, Tree } from './application.js';

type Node = Tree['nodes'][number];

/** The resource tree as workloads; a node without a health check is healthy. */
export const workloadsOf = ({ nodes }: Tree): readonly Workload[] =>
  nodes.map((node) => {
    const owner = node.parentRefs[0];
    const reason = infoOf(node, 'Status Reason');
    const revision = Number(infoOf(node, 'Revision')?.replace(/^Rev:/, ''));
    const restarts = Number(infoOf(node, 'Restart Count'));
    return {
      kind: node.kind,
      name: node.name,
      ...(node.uid === undefined ? {} : { uid: node.uid }),
      ...(owner?.kind === undefined || owner.name === undefined
        ? {}
        : { owner: { kind: owner.kind, name: owner.name } }),
      health: healthOf(node.health?.status),
      message: node.health?.message ?? '',
      ...(node.kind !== 'Pod' || reason === undefined ? {} : { reason }),
      ...(node.kind === 'ReplicaSet' && revision > 0 ? { revision } : {}),
      images: node.images,
      ...(restarts > 0 ? { restarts } : {}),
      ...(isUnscheduled(node) ? { isUnscheduled: true } : {}),
      warnings: [],
    };
  });

const infoOf = ({ info }: Node, key: string): string | undefined => info.find(({ name }) => name === key)?.value;

/** A pod that a node has taken has its name under `Node`. */
const isUnscheduled = (node: Node): boolean =>
  node.kind === 'Pod' && infoOf(node, 'Status Reason') === 'Pending' && (infoOf(node, 'Node') ?? '') === '';

const healthOf = (status: string | undefined): Workload['health'] => {
  if (status === 'Progressing' || status === 'Suspended') return 'progressing';
  if (status === 'Degraded') return 'degraded';
  return status === 'Missing' ? 'missing' : 'healthy';
};

/** Those whose reason only events know: no pod of them is there, or no node has taken it. */
export const isSilent = (workload: Workload, all: readonly Workload[]): boolean =>
  (workload.isUnscheduled === true && workload.message === '') ||
  (workload.health !== 'healthy' &&
    (workload.kind === 'StatefulSet' || workload.kind === 'Job') &&
    !all.some((each) => each.kind === 'Pod' && each.owner?.name === workload.name && each.health !== 'healthy'));

/** Texts of warnings since a moment (RFC 3339; older ones are about an earlier commit), newest first. @default since: all */
export const warningsOf = ({ items }: Events, since?: string): readonly string[] =>
  items
    .map((event) => ({ ...event, at: Date.parse(event.lastTimestamp ?? event.eventTime ?? '') }))
    .filter(({ type, at }) => type === 'Warning' && !(at < Date.parse(since ?? '')))
    .sort((a, b) => b.at - a.at)
    .flatMap(({ message }) => (message === undefined ? [] : [message]));
