import type { Cause } from '../../model/deployment.js';
import { componentOf, type NamedObject } from '../kubernetes/component.js';
import { meaningOf } from '../kubernetes/refusals.js';
import { remedyOf } from '../kubernetes/remedies.js';
import { cut } from '../kubernetes/words.js';
import type { Workload } from '../kubernetes/workload.js';
import { workloadCauses } from '../kubernetes/workload-causes.js';
import { type Kustomization, readyCondition } from './readiness.js';

export interface Situation {
  /** Joined name. */
  readonly name: string;
  /** Whether `lastAttemptedRevision` holds what is waited for. */
  readonly holdsAttempted: boolean;
  /** Whether what `Ready` says may be of an earlier attempt. */
  readonly isOld: boolean;
  readonly images: readonly string[];
  readonly workloads: readonly Workload[];
}

/** Why Flux doesn’t get it ready; nothing about an earlier commit. */
export const causesOf = (kustomization: Kustomization, situation: Situation): readonly Cause[] => {
  const { name, holdsAttempted, isOld, images, workloads } = situation;
  if (!holdsAttempted) return [];
  const objects = [...inventoryOf(kustomization), ...workloads];
  const failing = isOld ? undefined : failureIn(kustomization, name, objects);
  const found = isApplied(kustomization, failing)
    ? workloadCauses(workloads, { namespace: name, images, objects })
    : [];
  return found.length === 0 && failing !== undefined ? [failing] : found;
};

/** While it waits for health, or has given up waiting, everything is applied, and what was of before is pruned. */
const isApplied = ({ status }: Kustomization, failing: Cause | undefined): boolean => {
  const busy = status?.conditions.find((each) => each.type === 'Reconciling' && each.status === 'True')?.message;
  if (busy === undefined) return failing === undefined || isHealthCheck(failing.message);
  return /health checks/i.test(busy) && busy.includes(status?.lastAttemptedRevision ?? '');
};

const isHealthCheck = (message: string): boolean => /health check failed|timeout waiting for/i.test(message);

const failureIn = (kustomization: Kustomization, name: string, objects: readonly NamedObject[]): Cause | undefined => {
  const ready = readyCondition(kustomization);
  if (ready?.status !== 'False') return undefined;
  const text = ready.message ?? ready.reason ?? '';
  const named = namedIn(text);
  const object = named === undefined ? `Kustomization/${name}` : `${named.kind}/${named.name}`;
  const component = named && componentOf(named, objects);
  const kind = meaningOf(text) ?? (isHealthCheck(text) ? 'Degraded' : 'SyncFailed');
  return {
    kind,
    ...(component === undefined ? {} : { component }),
    object,
    message: cut(text.replace(/\S+\/(?=environments\/)/, '')),
    remedy:
      kind === 'SyncFailed'
        ? `If the message doesn’t help: kubectl describe kustomization -n flux-system ${name}`
        : remedyOf(kind, { object, namespace: name }),
  };
};

/** `Deployment/shop-pr-42/api dry-run failed (Invalid): …` */
const namedIn = (text: string): NamedObject | undefined => {
  const found = /\b([A-Z][A-Za-z]+)\/(?:[-a-z0-9]+\/)?([a-z0-9][-a-z0-9.]*)(?= |:|,|$)/.exec(text);
  return found?.[1] === undefined || found[2] === undefined ? undefined : { kind: found[1], name: found[2] };
};

/** `shop-pr-42_api_apps_Deployment` */
const inventoryOf = ({ status }: Kustomization): readonly NamedObject[] =>
  (status?.inventory?.entries ?? []).flatMap(({ id = '' }) => {
    const [, name, , kind] = id.split('_');
    return name === undefined || kind === undefined ? [] : [{ kind, name }];
  });
