import type { FileTree } from '../model/manifest.js';
import type { EnvironmentId } from '../model/names.js';
import type { CommitSha } from '../model/pull-request.js';

/** One consistent view of the branch. */
export interface Base {
  /** The commit that was read; absent: the branch doesn't exist yet. */
  readonly tip?: CommitSha;
  /** Every environment in the tree that the read saw (at least those of the applications asked for). */
  readonly names: readonly EnvironmentId[];
  /** Whether `names` covers every application. */
  readonly complete: boolean;
  /** Those of the environments asked for that exist, by `application/environment`. */
  readonly environments: ReadonlyMap<string, StoredEnvironment>;
  /** What waits in the queue for the environments asked for. @default none */
  readonly queued?: readonly QueuedEntry[];
}

export interface StoredEnvironment {
  readonly id: EnvironmentId;
  readonly tree: string;
  /** Below the environment's directory. `readAll` brings `environment.json` and `README.md` only. */
  readonly files: FileTree;
}

/** No files: remove. */
export interface Change {
  readonly id: EnvironmentId;
  readonly files: FileTree;
  /** With Flux: the Kustomization at `flux/<application>/<environment>.yaml`. */
  readonly flux?: string;
  readonly message: CommitMessage;
}

export interface CommitMessage {
  readonly subject: string;
  /** In order; values are one line each. */
  readonly trailers: readonly (readonly [key: string, value: string])[];
}

export interface Commit {
  readonly base?: CommitSha;
  /** The last of the chain; absent: every change left its tree as it was. */
  readonly tip?: CommitSha;
  readonly changes: readonly CommittedChange[];
}

export interface CommittedChange {
  readonly id: EnvironmentId;
  /** Tree ids of the directory; absent: it didn't, or doesn't, exist. */
  readonly before?: string;
  readonly after?: string;
  /** Absent: the same tree, no commit. */
  readonly commit?: CommitSha;
}

/** A change that waits at the side of the branch, at `refs/bivouac/queue/<application>/<environment>`. */
export interface Entry {
  readonly id: EnvironmentId;
  /** The ref's commit: this entry, and no later one at its place. */
  readonly commit: CommitSha;
}

export interface QueuedEntry extends Entry {
  /** Tree id of the directory as it shall be; absent: it shall go. */
  readonly tree?: string;
}

/** Where changes wait that lost their race, for one of the waiting to carry them all over (git-publish.md 8). */
export interface Queue {
  /**
   * Leaves the commit's real changes, in place of those entries that the base saw and of no other. Undefined: the host doesn't
   * take such refs; remembered for the life of the process.
   * @throws RefusedError, TemporaryError when somebody else's entry came first
   */
  enqueue(base: Base, commit: Commit, leaving: Leaving): Promise<readonly Entry[] | undefined>;
  /** Everything that waits, sorted by name. */
  look(): Promise<readonly Entry[]>;
  /**
   * Carries over all that waits, one commit an entry, and empties their places, in one push that lands whole or not at all. An
   * entry whose environment isn't what its author saw is dropped.
   * @throws RefusedError, TemporaryError when another push came first
   */
  combine(at: Date): Promise<void>;
  /** Not to be tried again in this process: what was queued could never be carried over. */
  giveUp(): void;
}

export interface Leaving {
  readonly changes: readonly Change[];
  readonly at: Date;
}

/** What of it is read while the cluster is watched. */
export type GitOpsReads = Pick<GitOpsRepository, 'read' | 'manifestsAt'>;

/** Where `environments/` lives. The port knows no policy, the loop over it (`publish.ts`) no git. */
export interface GitOpsRepository {
  /** Tip, names, and the files of these environments. @throws RefusedError, TemporaryError */
  read(ids: readonly EnvironmentId[]): Promise<Base>;
  /** Every record: `list`, sweep. */
  readAll(): Promise<Base>;
  /**
   * Tree id of the environment's manifests at a revision, fetched anew; undefined: no such revision (or no full commit id), no such
   * directory. Same id, same manifests: what a controller has synced is compared by it.
   */
  manifestsAt(revision: string, id: EnvironmentId): Promise<string | undefined>;
  /** One commit a change that changes its tree, each on top of the one before, on the base's tip. */
  commit(base: Base, changes: readonly Change[], at: Date): Promise<Commit>;
  /** With a lease on the base's tip; takes these entries out of the queue in the same push. Any failure throws, and the caller reads again. */
  push(commit: Commit, overtaken?: readonly Entry[]): Promise<void>;
  /** Absent: lost races are only tried again. */
  readonly queue?: Queue;
  /** Removes the temporary repository that the others share. */
  close(): Promise<void>;
}
