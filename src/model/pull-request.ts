import type { Brand } from './brand.js';
import { userError } from './errors.js';

/** `owner/name`; printed, shown and configured. */
export type RepositoryName = Brand<string, 'RepositoryName'>;
/** The forge's number for a repository, which a rename or transfer keeps; decimal digits. */
export type RepositoryId = Brand<string, 'RepositoryId'>;
export type PullRequestNumber = Brand<number, 'PullRequestNumber'>;
/** 40 (SHA-1) or 64 (SHA-256) lower-case hexadecimal digits. */
export type CommitSha = Brand<string, 'CommitSha'>;
export type ForgeKind = 'github' | 'gitlab' | 'gitea';
export type Label = string;

/** A hint that something happened, from an event, a flag or a sweep. The pull request itself is read before anything is decided. */
export interface PullRequestRef {
  readonly forge: ForgeKind;
  readonly repository: RepositoryName;
  readonly number: PullRequestNumber;
  /** The commit that the event or `--head-sha` names. */
  readonly headSha?: CommitSha;
  /** The event was a push: takes `bivouac:expired` off when `headSha` is still the head. */
  readonly pushed?: boolean;
}

/** What the code host said just now. */
export interface PullRequest {
  readonly repository: RepositoryName;
  readonly repositoryId: RepositoryId;
  readonly number: PullRequestNumber;
  readonly state: 'open' | 'closed';
  readonly merged: boolean;
  readonly draft: boolean;
  readonly title: string;
  readonly author: { readonly login: string; readonly id: string; readonly bot: boolean };
  readonly headSha: CommitSha;
  readonly headBranch: string;
  /** Absent: the fork was deleted. */
  readonly headRepositoryId?: RepositoryId;
  readonly baseBranch: string;
  readonly baseSha: CommitSha;
  readonly labels: readonly Label[];
  /** Absent: not asked for (only `paths` rules need them). */
  readonly changedFiles?: readonly string[];
  readonly url: string;
}

/** `/bivouac approve <commit>` by someone whose permission is write or higher when it is read. */
export interface Approval {
  readonly by: string;
  /** The whole id of the head commit it is for, in hexadecimal digits. */
  readonly commit: string;
  readonly permission: 'read' | 'triage' | 'write' | 'maintain' | 'admin' | 'none';
}

/** A commit of a repository that `--ref` named. */
export interface Revision {
  readonly repository: RepositoryName;
  readonly repositoryId: RepositoryId;
  readonly sha: CommitSha;
}

/** `.bivouac.yaml` at the head commit, as data. */
export interface Override {
  readonly preset?: string;
  readonly with: readonly string[];
  readonly without: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  /** Milliseconds. */
  readonly lifetime?: number;
}

export interface FileAtCommit {
  readonly repository: RepositoryName;
  readonly path: string;
  readonly commit: CommitSha;
}

/** GitHub’s, with the underscore of managed users, and Gitea’s: no mark at either end, and no `..`. */
const owner = /^(?!.*\.\.)[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;
const repository = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/;

/** @throws UserError InvalidRepository; `..` would collapse the path of a request */
export const repositoryName = (text: string): RepositoryName => {
  const [first, second, ...rest] = text.split('/');
  if (
    first === undefined ||
    second === undefined ||
    rest.length > 0 ||
    first.length > 100 ||
    !owner.test(first) ||
    !repository.test(second)
  )
    throw userError('InvalidRepository', `${JSON.stringify(text.slice(0, 120))} is no repository`, {
      remedy: 'Write owner/name, e.g. acme/shop.',
    });
  return text as RepositoryName;
};

/** @throws UserError InvalidRepositoryId */
export const repositoryId = (value: string | number): RepositoryId => {
  const text = String(value);
  if (!/^[1-9][0-9]{0,18}$/.test(text))
    throw userError('InvalidRepositoryId', `${JSON.stringify(text.slice(0, 40))} is no repository id`);
  return text as RepositoryId;
};

/** A positive integer of at most 2147483647. @throws UserError InvalidPullRequest */
export const pullRequestNumber = (value: string | number): PullRequestNumber => {
  const text = String(value);
  const number = Number(text);
  if (!/^[1-9][0-9]{0,9}$/.test(text) || number > 2_147_483_647)
    throw userError('InvalidPullRequest', `${JSON.stringify(text.slice(0, 40))} is no pull request number`, {
      remedy: 'Give a whole number from 1 to 2147483647, e.g. --pull-request 42.',
    });
  return number as PullRequestNumber;
};

/** @throws UserError InvalidCommit */
export const commitSha = (text: string): CommitSha => {
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text))
    throw userError('InvalidCommit', `${JSON.stringify(text.slice(0, 80))} is no full commit id`, {
      remedy: 'Give all 40 hexadecimal digits: a short id can look like a number to a YAML reader.',
    });
  return text as CommitSha;
};

export const shortSha = (sha: CommitSha): string => sha.slice(0, 7);

/** `acme/shop#42` */
export const printPullRequest = (of: {
  readonly repository: RepositoryName;
  readonly number: PullRequestNumber;
}): string => `${of.repository}#${of.number}`;
