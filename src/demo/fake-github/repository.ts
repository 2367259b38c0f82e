import { commentAnswer } from './answers.js';
import { type WebhookAction, webhookPayload } from './payload.js';
import {
  type Account,
  accountOf,
  type ChangedFile,
  type Comment,
  type CommitStatus,
  type Deployment,
  type DeploymentStatus,
  type Entry,
  type PullRequestState,
  type Reaction,
  type RepositoryState,
} from './state.js';

export interface PullRequestSeed {
  readonly number: number;
  readonly headSha: string;
  readonly title?: string;
  readonly author?: string;
  readonly headBranch?: string;
  /** Of a fork; null: it was deleted. @default the repository itself */
  readonly headRepository?: { readonly id: number; readonly name: string } | null;
  readonly baseBranch?: string;
  readonly baseSha?: string;
  readonly draft?: boolean;
  readonly labels?: readonly string[];
  readonly files?: readonly ChangedFile[];
}

/** One repository of the fake, driven by hand as people would. Every change is one second later than the one before. */
export interface FakeRepository {
  readonly name: string;
  openPullRequest(seed: PullRequestSeed): void;
  push(number: number, sha: string): void;
  addLabel(number: number, label: string): void;
  removeLabel(number: number, label: string): void;
  edit(number: number, change: Partial<Pick<PullRequestState, 'title' | 'draft' | 'baseBranch' | 'files'>>): void;
  close(number: number): void;
  reopen(number: number): void;
  merge(number: number): void;
  labels(number: number): readonly string[];
  /** Oldest first. */
  comments(number: number): readonly Comment[];
  /** By a person or a bot; gives its id. */
  writeComment(number: number, comment: { readonly author: string; readonly body: string }): number;
  editComment(id: number, body: string): void;
  deleteComment(id: number): void;
  putFile(sha: string, path: string, entry: Entry): void;
  /** Moves a branch or tag; the commits that it was at stay part of it. */
  putRef(name: string, sha: string): void;
  setPermission(login: string, level: string): void;
  /** Newest first, each with its statuses, newest first. */
  deployments(): readonly (Deployment & { readonly statuses: readonly DeploymentStatus[] })[];
  /** Of commits, newest first. */
  statuses(): readonly CommitStatus[];
  /** To a comment, oldest first. */
  reactions(comment: number): readonly Reaction[];
  /** What GitHub would send, or put into `GITHUB_EVENT_PATH`, for the pull request as it is now. */
  payload(number: number, action: WebhookAction, label?: string): object;
}

/** Seconds and ids that only go up, shared by all repositories of one fake. */
export interface Counter {
  now(): string;
  id(): number;
}

export const driveRepository = (state: RepositoryState, counter: Counter): FakeRepository => {
  const find = (number: number): PullRequestState => {
    const pull = state.pullRequests.get(number);
    if (pull === undefined) throw new Error(`the fake has no pull request ${state.name}#${number}`);
    return pull;
  };
  const change = (number: number, fields: Partial<PullRequestState>): void => {
    Object.assign(find(number), { updatedAt: counter.now() }, fields);
  };
  const close = (number: number, merged: boolean): void => {
    const at = counter.now();
    change(number, { state: 'closed', closedAt: at, mergedAt: merged ? at : null });
  };
  return {
    name: state.name,
    openPullRequest: (seed) => {
      state.pullRequests.set(seed.number, pullRequestState(seed, state, counter.now()));
      seed.labels?.forEach((label) => state.labels.add(label));
    },
    push: (number, sha) => change(number, { beforeSha: find(number).headSha, headSha: sha }),
    addLabel: (number, label) => {
      state.labels.add(label);
      change(number, { labels: [...new Set([...find(number).labels, label])] });
    },
    removeLabel: (number, label) => change(number, { labels: find(number).labels.filter((name) => name !== label) }),
    edit: (number, fields) => change(number, fields),
    close: (number) => close(number, false),
    reopen: (number) => change(number, { state: 'open', closedAt: null }),
    merge: (number) => close(number, true),
    labels: (number) => find(number).labels,
    comments: (number) => state.comments.get(number) ?? [],
    writeComment: (number, { author, body }) =>
      Number(addComment(state, { number, author: accountOf(author), body }, counter).id),
    editComment: (id, body) => editComment(state, id, { body, updated_at: counter.now() }),
    deleteComment: (id) => deleteComment(state, id),
    putFile: (sha, path, entry) => {
      state.files.set(sha, (state.files.get(sha) ?? new Map<string, Entry>()).set(path, entry));
    },
    putRef: (name, sha) => {
      state.refs.set(name, sha);
      state.history.set(name, (state.history.get(name) ?? new Set<string>()).add(sha));
    },
    setPermission: (login, level) => void state.permissions.set(login, level),
    deployments: () =>
      state.deployments.map((each) => ({ ...each, statuses: state.deploymentStatuses.get(Number(each.id)) ?? [] })),
    statuses: () => state.statuses,
    reactions: (comment) => state.reactions.get(comment) ?? [],
    payload: (number, action, label) => webhookPayload(state, find(number), { action, ...(label && { label }) }),
  };
};

const pullRequestState = (seed: PullRequestSeed, repository: RepositoryState, at: string): PullRequestState => ({
  number: seed.number,
  title: seed.title ?? `Change number ${seed.number}`,
  author: accountOf(seed.author ?? 'octocat'),
  state: 'open',
  mergedAt: null,
  draft: seed.draft ?? false,
  headSha: seed.headSha,
  beforeSha: seed.headSha,
  headBranch: seed.headBranch ?? `change-${seed.number}`,
  headRepository:
    seed.headRepository === undefined ? { id: repository.id, name: repository.name } : seed.headRepository,
  baseBranch: seed.baseBranch ?? 'main',
  baseSha: seed.baseSha ?? 'b'.repeat(40),
  labels: [...(seed.labels ?? [])],
  files: seed.files ?? [{ filename: 'README.md' }],
  createdAt: at,
  updatedAt: at,
  closedAt: null,
});

export interface CommentSeed {
  readonly number: number;
  readonly author: Account;
  readonly body: string;
}

/** A comment moves its pull request's `updated_at`, as on GitHub. */
export const addComment = (state: RepositoryState, seed: CommentSeed, counter: Counter): Comment => {
  const at = counter.now();
  const comment = commentAnswer(state, { ...seed, id: counter.id(), at });
  state.comments.set(seed.number, [...(state.comments.get(seed.number) ?? []), comment]);
  const pull = state.pullRequests.get(seed.number);
  if (pull !== undefined) pull.updatedAt = at;
  return comment;
};

export const findComment = (state: RepositoryState, id: number): Comment | undefined =>
  [...state.comments.values()].flat().find((comment) => comment.id === id);

export const editComment = (state: RepositoryState, id: number, fields: Partial<Comment>): void => {
  for (const [number, comments] of state.comments)
    state.comments.set(
      number,
      comments.map((comment) => (comment.id === id ? { ...comment, ...fields } : comment)),
    );
};

export const deleteComment = (state: RepositoryState, id: number): void => {
  for (const [number, comments] of state.comments)
    state.comments.set(
      number,
      comments.filter((comment) => comment.id !== id),
    );
};
