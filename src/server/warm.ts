import type { Clock } from '../model/clock.js';
import type { GitOpsRepository } from '../gitops/port.js';

export interface WarmOptions {
  readonly open: () => Promise<GitOpsRepository>;
  readonly clock: Clock;
  /** Commits after which it is opened anew: what git keeps of each in the temporary repository makes the next a little slower. @default 200 */
  readonly renewAfter?: number;
}

/** The last read of the GitOps repository. */
export interface LastRead {
  /** Of the last one that succeeded. */
  readonly at?: Date;
  /** Why the last one failed; absent: it didn't. */
  readonly failed?: string;
}

export interface Warm {
  readonly repository: GitOpsRepository;
  readonly lastRead: LastRead;
  /** Between two pushes, when nothing is in flight: opens it anew where it has grown, or something went wrong with it. */
  renew(): Promise<void>;
}

/** A GitOps repository that stays open, so that a push needs no clone, and never grows without bound. */
export const keepWarm = async ({ open, clock, renewAfter = 200 }: WarmOptions): Promise<Warm> => {
  let inner = await open();
  let commits = 0;
  let lastRead: LastRead = {};
  const noted = async <Result>(call: Promise<Result>, reads: boolean): Promise<Result> => {
    try {
      const result = await call;
      if (reads) lastRead = { at: clock.now() };
      return result;
    } catch (error) {
      commits = renewAfter;
      if (reads) lastRead = { ...lastRead, failed: error instanceof Error ? error.message : String(error) };
      throw error;
    }
  };
  return {
    repository: {
      read: (ids) => noted(inner.read(ids), true),
      readAll: () => noted(inner.readAll(), true),
      manifestsAt: (revision, id) => noted(inner.manifestsAt(revision, id), true),
      commit: (base, changes, at) => {
        commits += changes.length;
        return noted(inner.commit(base, changes, at), false);
      },
      push: (commit, overtaken) => inner.push(commit, overtaken),
      get queue() {
        return inner.queue;
      },
      close: () => inner.close(),
    } as GitOpsRepository,
    get lastRead() {
      return lastRead;
    },
    renew: async () => {
      if (commits < renewAfter) return;
      const old = inner;
      inner = await open();
      commits = 0;
      await old.close().catch(() => undefined);
    },
  };
};
