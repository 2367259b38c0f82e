import type {
  CommitSha,
  Approval,
  FileAtCommit,
  Label,
  PullRequest,
  PullRequestRef,
  RepositoryName,
  Revision,
} from '../model/pull-request.js';

/** Where pull requests come from. Whatever can't be read throws: a 404 is never "closed". */
export interface CodeHost {
  /** @throws RefusedError, TemporaryError */
  read(ref: PullRequestRef): Promise<PullRequest>;
  /** Paths that the pull request changes; complete, or throws. */
  changedFiles(ref: PullRequestRef): Promise<readonly string[]>;
  /** Complete, or throws. */
  listOpen(repository: RepositoryName): Promise<readonly PullRequest[]>;
  /** Undefined: the file isn't there. At most 64 KiB, else throws. */
  readFile(at: FileAtCommit): Promise<string | undefined>;
  /** A branch, tag or commit of a repository. */
  resolve(repository: RepositoryName, ref: string): Promise<Revision>;
  /** `/bivouac approve …` comments, with their authors' permission now. */
  approvals(ref: PullRequestRef): Promise<readonly Approval[]>;
  /** Whether a commit is part of a branch: what proves that a checkout isn't a pull request's own. */
  isOnBranch(at: CommitOnBranch): Promise<boolean>;
}

/** Absolute: adding what is there and removing what isn't change nothing. */
export interface Labels {
  add(ref: PullRequestRef, label: Label): Promise<void>;
  remove(ref: PullRequestRef, label: Label): Promise<void>;
}

export interface CommitOnBranch {
  readonly repository: RepositoryName;
  readonly branch: string;
  readonly commit: CommitSha;
}
