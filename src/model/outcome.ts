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
  | 'ChartsChanged';
export type RejectedReason =
  | 'PolicyViolation'
  | 'OverrideNotAllowed'
  | 'OwnedByAnother'
  | 'NewerRecord'
  | 'NameTaken'
  | 'BundleMismatch'
  | 'UntrustedCharts'
  | 'TooManyRemovals';
export type RemovedReason = 'Closed' | 'Off' | 'Expired' | 'Requested';
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
}

/** What a reconcile did to one environment. */
export type Outcome = OutcomeFacts &
  (
    | { readonly outcome: 'Created' | 'Updated'; readonly reason: WrittenReason }
    | { readonly outcome: 'Unchanged'; readonly reason: 'SameTree' }
    | { readonly outcome: 'Removed'; readonly reason: RemovedReason }
    | { readonly outcome: 'Ignored'; readonly reason: IgnoredReason }
    | { readonly outcome: 'Rejected'; readonly reason: RejectedReason }
  );

/** 0, or 3 when something was rejected: with several outcomes the lowest that isn't 0. */
export const exitCodeOf = (outcomes: readonly Outcome[]): 0 | 3 =>
  outcomes.some(({ outcome }) => outcome === 'Rejected') ? 3 : 0;
