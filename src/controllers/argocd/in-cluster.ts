import type { Clock } from '../../model/clock.js';
import type { Cause, DeploymentStatus, Remains } from '../../model/deployment.js';
import { isBivouacError } from '../../model/errors.js';
import { type EnvironmentId, joinedName } from '../../model/names.js';
import type { Cluster } from '../kubernetes/cluster.js';
import { observe, parsed } from '../kubernetes/observe.js';
import { namespaceRemains, orUnread, type Remainder, volumeRemains } from '../kubernetes/remains.js';
import type { Controller, Expected } from '../port.js';
import { type Application, applicationView, comparisonErrorOf, setName, setView } from './application.js';
import { judge, type Verdict } from './judge.js';
import { holdUps } from './removal.js';
import { frozenSetOf } from './set.js';

export interface InClusterOptions {
  readonly clock: Clock;
  /** Where Argo CD lives. @default 'argocd' */
  readonly namespace?: string;
}

/** What was seen first of one expectation. */
interface FirstSight {
  /** `status.reconciledAt` when the revision was first seen. */
  reconciledAt?: string;
  /** A comparison’s error, and when it was first seen. */
  error?: { readonly message: string; readonly at: number };
}

/** Argo CD may compare with a branch that it has looked up this long ago; milliseconds (argocd-flux.md 2.5). */
const staleness = 180_000;

/**
 * Argo CD through the cluster’s API. A comparison can’t be asked for here, as that writes: so what looks ready is believed when a whole
 * sync of these manifests has succeeded, since then the cluster has taken every object; or else, where no sync was needed, when Argo CD
 * has compared once more after the revision was first seen, and doesn’t answer from a diff of an earlier revision (7.1: server-side diff).
 */
export const openArgoCdInCluster = (
  cluster: Cluster,
  { clock, namespace = 'argocd' }: InClusterOptions,
): Controller => {
  const firstSights = new WeakMap<Expected, FirstSight>();
  const objects = `/apis/argoproj.io/v1alpha1/namespaces/${namespace}`;

  const readApplication = async (id: EnvironmentId): Promise<Application | undefined> => {
    const found = await cluster.get(`${objects}/applications/${joinedName(id)}`);
    return found && parsed(applicationView, found);
  };
  const readSet = async ({ application }: EnvironmentId): Promise<readonly Cause[]> => {
    const name = setName(application);
    try {
      const found = await cluster.get(`${objects}/applicationsets/${name}`);
      const cause = frozenSetOf(found && parsed(setView, found), { name, namespace });
      return cause === undefined ? [] : [cause];
    } catch (error) {
      if (isBivouacError(error) && error.code === 'ClusterForbidden') return [];
      throw error;
    }
  };

  const status = async (expected: Expected): Promise<DeploymentStatus> => {
    const { id } = expected;
    const application = await readApplication(id);
    if (application === undefined) return absent(await readSet(id));
    const verdict = await judge(application, expected);
    const sight = look(firstSights.get(expected) ?? {}, { application, verdict, now: clock.now().getTime() });
    firstSights.set(expected, sight);
    const { phase, message, revision } = isConfirmed(application, verdict, sight) ? verdict : unconfirmed(verdict);
    const rest = revision === undefined ? {} : { revision };
    if (phase === 'ready' || phase === 'removing') return { phase, message, causes: [], ...rest };
    const since = application.status?.operationState?.startedAt;
    const workloads = isFine(application) ? [] : await observe(cluster, joinedName(id), since);
    const isFresh = sight.error !== undefined && clock.now().getTime() - sight.error.at >= staleness;
    return { phase, message, causes: verdict.causes({ workloads, isFresh }), ...rest };
  };

  const applicationRemains = (id: EnvironmentId): Promise<Remainder> => {
    const name = joinedName(id);
    return orUnread({ kind: 'Application', name }, async () => {
      const application = await readApplication(id);
      if (application === undefined) return { parts: [{ kind: 'Application', name, presence: 'gone' }], causes: [] };
      const isGoing = application.metadata?.deletionTimestamp !== undefined;
      const causes = isGoing
        ? holdUps(application, { name, namespace, workloads: await observe(cluster, name) })
        : await readSet(id);
      return { parts: [{ kind: 'Application', name, presence: 'there' }], causes };
    });
  };

  const remains = async (id: EnvironmentId): Promise<Remains> => {
    const name = joinedName(id);
    const all = await Promise.all([
      applicationRemains(id),
      namespaceRemains(cluster, name),
      volumeRemains(cluster, name),
    ]);
    return { parts: all.flatMap(({ parts }) => parts), causes: all.flatMap(({ causes }) => causes) };
  };

  return { status, remains };
};

interface Look {
  readonly application: Application;
  readonly verdict: Verdict;
  readonly now: number;
}

const look = (before: FirstSight, { application, verdict, now }: Look): FirstSight => {
  const message = comparisonErrorOf(application);
  const reconciledAt = verdict.holds ? (before.reconciledAt ?? application.status?.reconciledAt) : undefined;
  const error = before.error?.message === message ? before.error : message && { message, at: now };
  return { ...(reconciledAt === undefined ? {} : { reconciledAt }), ...(error ? { error } : {}) };
};

const isConfirmed = (application: Application, verdict: Verdict, { reconciledAt }: FirstSight): boolean => {
  if (verdict.phase !== 'ready') return true;
  const state = application.status?.operationState;
  const isWhole = (state?.operation?.sync?.resources ?? []).length === 0;
  if (verdict.holdsSynced && isWhole) return true;
  const options = application.metadata?.annotations?.['argocd.argoproj.io/compare-options'] ?? '';
  const isLater = Date.parse(application.status?.reconciledAt ?? '') > Date.parse(reconciledAt ?? '');
  return isLater && options.split(',').includes('ServerSideDiff=false');
};

const unconfirmed = (verdict: Verdict): Verdict => ({
  ...verdict,
  phase: 'deploying',
  message: 'it looks ready; waiting for Argo CD’s next comparison, which confirms it',
});

const isFine = ({ status }: Application): boolean =>
  status?.health?.status === 'Healthy' && status.sync?.status === 'Synced';

const absent = (causes: readonly Cause[]): DeploymentStatus => ({
  phase: 'absent',
  message: causes.length === 0 ? 'Argo CD has no Application for it yet' : 'Argo CD makes no Application for it',
  causes,
});
