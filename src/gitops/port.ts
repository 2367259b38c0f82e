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

/** Where `environments/` lives. The port knows no policy, the loop over it (`publish.ts`) no git. */
export interface GitOpsRepository {
  /** Tip, names, and the files of these environments. @throws RefusedError, TemporaryError */
  read(ids: readonly EnvironmentId[]): Promise<Base>;
  /** Every record: `list`, sweep. */
  readAll(): Promise<Base>;
  /** One commit a change that changes its tree, each on top of the one before, on the base's tip. */
  commit(base: Base, changes: readonly Change[], at: Date): Promise<Commit>;
  /** With a lease on the base's tip; any failure throws, and the caller reads again. */
  push(commit: Commit): Promise<void>;
  /** Removes the temporary repository that the others share. */
  close(): Promise<void>;
}
