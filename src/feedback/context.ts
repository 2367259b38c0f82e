import type { Config } from '../config/config.js';
import type { EnvironmentRecord } from '../model/environment.js';

/** What a comment says beside its outcome. */
export interface CommentContext {
  readonly config: Config;
  /** What Git holds after this run; absent: nothing. */
  readonly record?: EnvironmentRecord;
  /** Of public components. */
  readonly addresses?: ReadonlyMap<string, string>;
  /** Why each component is in. */
  readonly why?: ReadonlyMap<string, string>;
  /** Unified, of the manifests; cut where the comment would be too long. */
  readonly diff?: string;
  /** What the diff compares with. @default 'what was there before' */
  readonly diffAgainst?: string;
}
