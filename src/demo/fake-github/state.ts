import type { components } from '@octokit/openapi-types';

type Schemas = components['schemas'];
export type Comment = Schemas['issue-comment'];
export type Deployment = Schemas['deployment'];
export type DeploymentStatus = Schemas['deployment-status'];
/** One of all that were ever set; the newest of a context counts. */
export type CommitStatus = Schemas['simple-commit-status'] & { readonly sha: string };
export interface Reaction {
  readonly login: string;
  readonly content: Schemas['reaction']['content'];
}

export interface Account {
  readonly login: string;
  readonly id: number;
  readonly type: 'User' | 'Bot';
}

export interface PullRequestState {
  readonly number: number;
  title: string;
  author: Account;
  state: 'open' | 'closed';
  mergedAt: string | null;
  draft: boolean;
  headSha: string;
  /** The commit before the last push. */
  beforeSha: string;
  headBranch: string;
  /** Null: the fork was deleted. */
  headRepository: { readonly id: number; readonly name: string } | null;
  baseBranch: string;
  baseSha: string;
  labels: string[];
  files: readonly ChangedFile[];
  createdAt: string;
  updatedAt: string;
  closedAt: string | null;
}

export interface ChangedFile {
  readonly filename: string;
  readonly previous?: string;
}

/** What lies at a path of a commit. */
export type Entry = string | { readonly type: 'dir' | 'symlink' | 'submodule' };

export interface RepositoryState {
  readonly name: string;
  readonly id: number;
  readonly pullRequests: Map<number, PullRequestState>;
  readonly labels: Set<string>;
  readonly comments: Map<number, readonly Comment[]>;
  /** By commit, then by path. */
  readonly files: Map<string, Map<string, Entry>>;
  /** Branches and tags. */
  readonly refs: Map<string, string>;
  /** Every commit that each of them was at. */
  readonly history: Map<string, Set<string>>;
  readonly permissions: Map<string, string>;
  /** Newest first. */
  deployments: readonly Deployment[];
  /** By deployment, newest first. */
  readonly deploymentStatuses: Map<number, readonly DeploymentStatus[]>;
  /** Newest first. */
  statuses: readonly CommitStatus[];
  /** By comment. */
  readonly reactions: Map<number, readonly Reaction[]>;
}

/** What a token may do; absent kinds are forbidden. */
export interface Permissions {
  readonly contents?: 'read' | 'write';
  readonly pullRequests?: 'read' | 'write';
  readonly deployments?: 'read' | 'write';
  readonly statuses?: 'read' | 'write';
}

export interface Token {
  readonly account: Account;
  /** An installation's token can't ask `GET /user`. */
  readonly kind: 'person' | 'installation';
  readonly permissions: Permissions;
  /** Of an App's: it sees repositories of this one alone. */
  readonly owner?: string;
}

export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly status: number;
}

/** Something goes wrong, before or after the request had its effect. */
export interface Fault {
  readonly method: string;
  readonly path: RegExp;
  readonly when: 'before' | 'after';
  /** A status with headers and body; a socket that is reset, a body cut in the middle, no answer at all. */
  readonly as: FaultAnswer | 'reset' | 'truncated' | 'silent';
  /** @default 1 */
  readonly times?: number;
}

export interface FaultAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export const createRepository = (name: string, id: number): RepositoryState => ({
  name,
  id,
  pullRequests: new Map(),
  labels: new Set(),
  comments: new Map(),
  files: new Map(),
  refs: new Map(),
  history: new Map(),
  permissions: new Map(),
  deployments: [],
  deploymentStatuses: new Map(),
  statuses: [],
  reactions: new Map(),
});

/** Each account of the fake has the same id whenever it is asked for. */
export const accountOf = (login: string): Account => ({
  login,
  id: 1000 + [...login].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_000, 7),
  type: login.endsWith('[bot]') ? 'Bot' : 'User',
});

/** GitHub's own account for what a workflow's token writes. */
export const actionsBot: Account = { login: 'github-actions[bot]', id: 41_898_282, type: 'Bot' };
