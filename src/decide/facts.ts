import type { EnvironmentRecord, EnvironmentSpec, Images } from '../model/environment.js';
import type { EnvironmentId, PresetName } from '../model/names.js';
import type { IgnoredReason, RejectedReason, RemovedReason } from '../model/outcome.js';
import type { Approval, Override, PullRequest, PullRequestRef, RepositoryId, Revision } from '../model/pull-request.js';

/** An environment that a pull request may concern: one application, one preset. */
export interface Candidate {
  readonly id: EnvironmentId;
  readonly preset: PresetName;
}

/** How many environments there are before this one, for the limits. */
export interface EnvironmentCount {
  readonly total: number;
  readonly perRepository: number;
  readonly perAuthor: number;
}

/** All that a decision rests on. */
export interface Facts {
  readonly id: EnvironmentId;
  readonly preset: PresetName;
  /** Absent: a preset without one, which has a `revision`. */
  readonly pullRequest?: PullRequest;
  /** What the event said: the commit that `images` were built from, and whether it was a push. */
  readonly hint?: Pick<PullRequestRef, 'headSha' | 'pushed'>;
  readonly revision?: Revision;
  /** Asked only for forks. */
  readonly approvals: readonly Approval[];
  readonly override?: Override;
  /** What Git holds. */
  readonly record?: EnvironmentRecord;
  /** From `--image`. */
  readonly images: Images;
  readonly count: EnvironmentCount;
  /** By hand, where no pull request carries labels: `up --with`, `--without`, `--lifetime` (milliseconds). */
  readonly asked?: {
    readonly with: readonly string[];
    readonly without: readonly string[];
    readonly lifetime?: number;
  };
  readonly now: Date;
}

/** Why an environment may go. Without one of these there is no removal. */
export type Proof =
  | { readonly kind: 'closed'; readonly merged: boolean }
  | { readonly kind: 'label'; readonly label: string }
  /** Neither `bivouac:on` where it is required nor the preset's label is there (any more). */
  | { readonly kind: 'no-label'; readonly label: string }
  | { readonly kind: 'lifetime'; readonly expiresAt: string }
  /** Its removal had begun, and what there is now asks for none. */
  | { readonly kind: 'teardown' }
  | { readonly kind: 'requested' };

export type DesiredEnvironment =
  | {
      readonly kind: 'present';
      readonly spec: EnvironmentSpec;
      readonly repositoryId: RepositoryId;
      readonly deployedAt: Date;
      readonly expiresAt?: Date;
      /** The head commit's first environment after its lifetime was over: `bivouac:expired` comes off. */
      readonly revives: boolean;
    }
  | { readonly kind: 'absent'; readonly proof: Proof; readonly reason: RemovedReason }
  | { readonly kind: 'ignored'; readonly reason: IgnoredReason; readonly message: string }
  | { readonly kind: 'rejected'; readonly reason: RejectedReason; readonly message: string };
