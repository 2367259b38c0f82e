import type { Cause, Receipt } from './deployment.js';
import type { EnvironmentId } from './names.js';
import type { CommitSha } from './pull-request.js';

export type IgnoredReason =
  | 'NoPullRequest'
  | 'Closed'
  | 'Off'
  | 'Expired'
  | 'NotOn'
  | 'Draft'
  | 'Bot'
  | 'Fork'
  | 'BaseBranch'
  | 'Paths'
  | 'Superseded'
  | 'WaitingForImages'
  | 'LimitReached'
  | 'ChartsChanged'
  | 'TearingDown';
export type RejectedReason =
  | 'PolicyViolation'
  | 'OverrideNotAllowed'
  | 'OwnedByAnother'
  | 'NewerRecord'
  | 'NameTaken'
  | 'BundleMismatch'
  | 'UntrustedCharts'
  | 'TooManyRemovals';
/** `TornDown`: its teardown had begun, and nothing asks for it again. */
export type RemovedReason = 'Closed' | 'Off' | 'Expired' | 'Requested' | 'TornDown';
export type WrittenReason =
  'Opened' | 'HeadCommitChanged' | 'SelectionChanged' | 'ChartsChanged' | 'Extended' | 'Slept' | 'Woken';

/** One policy check's finding. */
export interface Violation {
  readonly rule: string;
  readonly severity: 'error' | 'warning';
  readonly component?: string;
  /** `Deployment/api` */
  readonly object: string;
  /** JSON pointer, e.g. `/spec/template/spec/containers/0/image`. */
  readonly field: string;
  readonly message: string;
  readonly remedy: string;
}

/** Objects by `Kind/name`, sorted. */
export interface Changes {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

export const noChanges: Changes = { added: [], changed: [], removed: [] };

/**
 * How waiting ended. `ready` and `removed` were seen; `failed`: it won't become ready by itself; `late`: the deadline came first;
 * `superseded`: Git holds something else by now, so nobody may claim anything; `not-observed`: nobody could look.
 */
export type DeploymentState = 'ready' | 'removed' | 'failed' | 'late' | 'superseded' | 'not-observed';

/** What was seen of an environment in the cluster while it was waited for. */
export interface Deployment {
  readonly state: DeploymentState;
  /** Never a bare time-out: what was last seen, and what it waits for. */
  readonly message: string;
  readonly causes: readonly Cause[];
  /** What changed, in order. */
  readonly steps: readonly DeploymentStep[];
}

export interface DeploymentStep {
  /** RFC 3339. */
  readonly at: string;
  readonly message: string;
}

/** What every outcome says beside its kind and reason. */
export interface OutcomeFacts {
  /** Absent: the event concerned no environment. */
  readonly id?: EnvironmentId;
  readonly message: string;
  readonly url?: string;
  readonly headSha?: CommitSha;
  /** The GitOps commit that holds it, where this run made or found one. */
  readonly commit?: CommitSha;
  readonly components?: readonly string[];
  /** RFC 3339. */
  readonly expiresAt?: string;
  readonly changes?: Changes;
  readonly violations?: readonly Violation[];
  /** Said and shown, without an effect on the exit code: feedback that failed, say. */
  readonly warnings?: readonly string[];
  /** Absent: it wasn't waited for. */
  readonly deployment?: Deployment;
  /** Of a removal that was waited for. */
  readonly receipt?: Receipt;
}

/** What a reconcile did to one environment. */
export type Outcome = OutcomeFacts &
  (
    | { readonly outcome: 'Created' | 'Updated'; readonly reason: WrittenReason }
    /** The first half of a removal: its teardown tasks run, then its directory goes. */
    | { readonly outcome: 'Updated'; readonly reason: 'TearingDown' }
    | { readonly outcome: 'Unchanged'; readonly reason: 'SameTree' }
    | { readonly outcome: 'Removed'; readonly reason: RemovedReason }
    | { readonly outcome: 'Ignored'; readonly reason: IgnoredReason }
    | { readonly outcome: 'Rejected'; readonly reason: RejectedReason }
  );

/** 0, 3 when something was rejected or won't become ready, 5 when time ran out: with several outcomes the lowest that isn't 0. */
export const exitCodeOf = (outcomes: readonly Pick<Outcome, 'outcome' | 'deployment'>[]): 0 | 3 | 5 => {
  const states = outcomes.map(({ deployment }) => deployment?.state);
  if (outcomes.some(({ outcome }) => outcome === 'Rejected') || states.includes('failed')) return 3;
  return states.includes('late') || states.includes('superseded') ? 5 : 0;
};
