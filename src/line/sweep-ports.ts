import type { Config } from '../config/config.js';
import type { CodeHost } from '../forges/port.js';
import type { GitOpsRepository } from '../gitops/port.js';
import type { Clock } from '../model/clock.js';
import type { ApplicationName } from '../model/names.js';
import type { Outcome } from '../model/outcome.js';
import type { PullRequest, RepositoryName } from '../model/pull-request.js';
import type { Item, PassedOver } from './sweep.js';

/** What a sweep works with. */
export interface Sweep {
  readonly config: Config;
  readonly host: CodeHost;
  readonly repository: Pick<GitOpsRepository, 'readAll'>;
  readonly clock: Clock;
  /** Along the line, which reads everything again: each removal has its own proof. */
  readonly reconcile: (item: Item) => Promise<readonly Outcome[]>;
  /** Why this checkout’s charts are not those of a pull request; undefined: they are. @default they are */
  readonly foreignCharts?: (pullRequest: PullRequest) => Promise<string | undefined>;
  /** Whether it was looked at before, as it is now, in vain: a service needn’t ask again every few minutes. A teardown that goes on never is. */
  readonly inVain?: Vain;
}

/** Remembers by name and everything that a listing tells. */
export interface Vain {
  has(item: Item): boolean;
  add(item: Item): void;
}

export interface SweepRequest {
  /** @default all of the configuration */
  readonly repositories?: readonly RepositoryName[];
  readonly application?: ApplicationName;
  readonly refresh?: boolean;
  /** Environments that are rendered at most, but for those that turn out to be unchanged. */
  readonly max: number;
  /** Removals that are allowed beyond `limits.removals`. */
  readonly allowRemovals?: number;
}

export interface Swept {
  readonly outcomes: readonly Outcome[];
  /** What could not be found out or done; the rest was. */
  readonly failures: readonly { readonly name: string; readonly error: unknown }[];
  readonly passedOver: readonly PassedOver[];
  /** Pull requests that this checkout’s charts aren’t right for. */
  readonly foreign: readonly { readonly name: string; readonly why: string }[];
  /** Pull requests that are left for the next sweep. */
  readonly left: readonly string[];
}
