import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Label, PullRequest, PullRequestRef, RepositoryName, Revision } from '../../model/pull-request.js';
import { type CommitSha, commitSha, printPullRequest, repositoryId } from '../../model/pull-request.js';
import type { CodeHost, Labels } from '../port.js';

export interface RehearsalOptions {
  /** Keeps labels from one command to the next. */
  readonly labelsFile: string;
  /** The commit every pull request is taken to be at. @default made from its name, always the same */
  readonly headSha?: string;
}

/**
 * A code host for trials on one machine: every pull request is open, at one commit, without files; labels are kept in a file.
 * Nothing here says anything about a real pull request.
 */
export function rehearsalHost({ headSha, labelsFile }: RehearsalOptions): CodeHost & Labels {
  const labelsOf = (ref: PullRequestRef): readonly Label[] => readLabels(labelsFile)[printPullRequest(ref)] ?? [];
  const setLabels = (ref: PullRequestRef, labels: readonly Label[]): void => {
    mkdirSync(dirname(labelsFile), { recursive: true });
    writeFileSync(
      labelsFile,
      `${JSON.stringify({ ...readLabels(labelsFile), [printPullRequest(ref)]: labels }, null, 2)}\n`,
    );
  };
  return {
    read: (ref) => Promise.resolve(pretend(ref, headSha, labelsOf(ref))),
    changedFiles: () => Promise.resolve([]),
    listOpen: () => Promise.resolve([]),
    readFile: () => Promise.resolve(undefined),
    resolve: (repository, ref): Promise<Revision> =>
      Promise.resolve({
        repository,
        repositoryId: idOf(repository),
        sha: isSha(ref) ? commitSha(ref) : shaOf(`${repository}@${ref}`),
      }),
    approvals: () => Promise.resolve([]),
    isOnBranch: () => Promise.resolve(true),
    permission: () => Promise.resolve('admin'),
    add: (ref, label) => Promise.resolve(setLabels(ref, [...new Set([...labelsOf(ref), label])].sort())),
    remove: (ref, label) =>
      Promise.resolve(
        setLabels(
          ref,
          labelsOf(ref).filter((each) => each !== label),
        ),
      ),
  };
}

const pretend = (ref: PullRequestRef, headSha: string | undefined, labels: readonly Label[]): PullRequest => {
  const { repository, number } = ref;
  const id = idOf(repository);
  const sha = ref.headSha ?? (headSha === undefined ? shaOf(`${repository}#${number}`) : commitSha(headSha));
  return {
    repository,
    repositoryId: id,
    number,
    state: 'open',
    merged: false,
    draft: false,
    title: '',
    author: { login: 'you', id: '1', bot: false },
    headSha: sha,
    headBranch: `pull-${number}`,
    headRepositoryId: id,
    baseBranch: 'main',
    baseSha: shaOf(`${repository}@main`),
    labels,
    url: `https://github.com/${repository}/pull/${number}`,
  };
};

/** A file that somebody broke means no labels: it is a trial's. */
const readLabels = (file: string): Readonly<Record<string, readonly Label[]>> => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, readonly Label[]>;
  } catch {
    return {};
  }
};

const isSha = (text: string): boolean => /^[0-9a-f]{40}$/.test(text);
const shaOf = (text: string): CommitSha => commitSha(createHash('sha1').update(text).digest('hex'));
const idOf = (repository: RepositoryName) =>
  repositoryId(1 + (createHash('sha1').update(repository).digest().readUInt32BE(0) >>> 1));
