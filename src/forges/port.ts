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

/** What somebody may do in a repository; `none`: no more than anyone. */
export type Permission = Approval['permission'];

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
  /** Read now; of an account that isn't there: `none`. */
  permission(repository: RepositoryName, login: string): Promise<Permission>;
}

/** Absolute: adding what is there and removing what isn't change nothing. */
export interface Labels {
  add(ref: PullRequestRef, label: Label): Promise<void>;
  remove(ref: PullRequestRef, label: Label): Promise<void>;
}

/** What people write below a pull request, read and answered. */
export interface Conversation {
  /** Undefined: it is gone, another pull request's, or ours, which is never a command. */
  comment(ref: PullRequestRef, id: number): Promise<PostedComment | undefined>;
  /** Absolute: the second one of a kind changes nothing. */
  react(ref: PullRequestRef, commentId: number, reaction: Reaction): Promise<void>;
  /** One reply a comment, found again by a marker and edited in place. */
  answer(ref: PullRequestRef, reply: Reply): Promise<void>;
  /** Whether a comment has its reply: what isn't absolute by itself is done once by it. */
  answered(ref: PullRequestRef, to: number): Promise<boolean>;
}

export type Reaction = '+1' | 'confused' | 'eyes';

export interface PostedComment {
  readonly id: number;
  readonly author: { readonly login: string; readonly bot: boolean };
  readonly body: string;
  /** Somebody has changed it since, maybe another than its author. */
  readonly edited: boolean;
}

export interface Reply {
  /** Id of the comment that is answered. */
  readonly to: number;
  /** Markdown. */
  readonly body: string;
}

export interface CommitOnBranch {
  readonly repository: RepositoryName;
  readonly branch: string;
  readonly commit: CommitSha;
}
