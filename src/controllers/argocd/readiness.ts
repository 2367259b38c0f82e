import type { DeploymentStatus } from '../../model/deployment.js';
import { directoryOf, type EnvironmentId, joinedName } from '../../model/names.js';
import type { Application } from './application.js';

export interface Comparison {
  readonly id: EnvironmentId;
  /** Whether `status.sync.revision` holds the manifests that are waited for. */
  readonly holds: boolean;
  /** The same of `status.operationState.syncResult.revision`. @default false */
  readonly holdsSynced?: boolean;
  /** References that the manifests name. */
  readonly images: readonly string[];
}

/**
 * Whether what is waited for runs and is healthy; if not, which clause is open. Only an answer to `refresh=normal` may be believed
 * (argocd-flux.md 7.1: a poll may show `Synced` for what the cluster refused).
 */
export const readinessOf = (application: Application, comparison: Comparison): Omit<DeploymentStatus, 'causes'> => {
  const revision = application.status?.sync?.revision;
  const rest = revision === undefined ? {} : { revision };
  if (application.metadata?.deletionTimestamp !== undefined)
    return { phase: 'removing', message: 'Argo CD is removing the environment', ...rest };
  const open = clauses.map((clause) => clause(application, comparison)).find((words) => words !== undefined);
  return open === undefined
    ? { phase: 'ready', message: 'this commit is synced and healthy', ...rest }
    : { phase: 'deploying', message: open, ...rest };
};

/** Words: what is open. */
type Clause = (application: Application, comparison: Comparison) => string | undefined;

const place: Clause = ({ spec }, { id }) => {
  const name = joinedName(id);
  if (spec?.source?.path !== `${directoryOf(id)}/manifests`)
    return `the Application ${name} reads ${spec?.source?.path ?? 'no path'} and not ${directoryOf(id)}/manifests`;
  return spec.destination?.namespace === name
    ? undefined
    : `the Application ${name} deploys to ${spec.destination?.namespace ?? 'no namespace'} and not to ${name}`;
};

/** Nothing is compared while these last. */
const compared: Clause = ({ status }) => {
  const found = status?.conditions.find(({ type }) => type === 'ComparisonError' || type === 'InvalidSpecError');
  return found === undefined ? undefined : `Argo CD can’t compare it (${found.type})`;
};

const noError: Clause = ({ status }) => {
  const found = status?.conditions.find(({ type }) => type.endsWith('Error'));
  return found === undefined ? undefined : `Argo CD reports a ${found.type}`;
};

const commit: Clause = ({ status }, { holds }) =>
  holds ? undefined : `waiting for Argo CD to see this commit (${seen(status?.sync?.revision)})`;

const seen = (revision: string | undefined): string =>
  revision === undefined || revision === '' ? 'it has compared nothing yet' : `it is at ${revision.slice(0, 16)}`;

const operation: Clause = (application) => {
  const state = application.status?.operationState;
  const isRetry = state?.phase === 'Running' && state.finishedAt !== undefined;
  if (isRetry) return 'a sync has failed and will be tried again';
  return hasOperation(application) ? 'a sync is running' : undefined;
};

/** Requested, running, or waiting for its next attempt. */
export const hasOperation = ({ operation: requested }: Application): boolean =>
  requested !== undefined && requested !== null;

const succeeded: Clause = ({ status }) => {
  const state = status?.operationState;
  if (state === undefined || (state.phase === 'Succeeded' && state.finishedAt !== undefined)) return undefined;
  return state.phase === 'Failed' || state.phase === 'Error'
    ? 'the sync has failed'
    : `the sync is ${state.phase ?? 'unknown'}`;
};

/** Whole seconds: a comparison in the second in which the sync ended counts as after it. */
const comparedAgain: Clause = ({ status }) => {
  const finished = status?.operationState?.finishedAt;
  if (finished === undefined || Date.parse(status?.reconciledAt ?? '') >= Date.parse(finished)) return undefined;
  return 'waiting for the comparison after the sync';
};

const synced: Clause = ({ status }) =>
  status?.sync?.status === 'Synced' ? undefined : `not in sync: ${status?.sync?.status ?? 'not compared yet'}`;

const healthy: Clause = ({ status }) =>
  status?.health?.status === 'Healthy' ? undefined : `synced, not healthy yet: ${status?.health?.status ?? 'unknown'}`;

/** The second factor: all images run, or a sync of these manifests has succeeded. */
const proven: Clause = ({ status }, { images, holdsSynced = false }) => {
  if (holdsSynced) return undefined;
  const running = new Set(status?.summary?.images);
  const missing = images.filter((image) => !running.has(image));
  return missing.length === 0 ? undefined : `not running yet: ${missing.join(', ')}`;
};

/** In the order in which they come true. */
const clauses: readonly Clause[] = [
  place,
  compared,
  commit,
  operation,
  succeeded,
  comparedAgain,
  noError,
  synced,
  healthy,
  proven,
];
