import type { Config } from '../config/config.js';
import type { BaseDifference } from '../model/difference.js';
import type { EnvironmentRecord } from '../model/environment.js';

/** What a comment says beside its outcome. */
export interface CommentContext {
  readonly config: Config;
  /** What Git holds after this run; absent: nothing. */
  readonly record?: EnvironmentRecord;
  /** Until when the cluster is looked at, and this is told anew; RFC 3339. @default nobody looks */
  readonly watchedUntil?: string;
  /** Components that may be asked for, beside those that there are. */
  readonly optional?: readonly string[];
  /** Of public components. */
  readonly addresses?: ReadonlyMap<string, string>;
  /** Why each component is in. */
  readonly why?: ReadonlyMap<string, string>;
  /** What differs from the base branch; absent: there is none, or its side can't be made here, and `diff` is shown instead. */
  readonly base?: BaseDifference;
  /** Unified, of the manifests, with what was there before; cut where the comment would be too long. */
  readonly diff?: string;
}
