import { createHash } from 'node:crypto';
import type { Label, PullRequest, PullRequestRef, RepositoryName, Revision } from '../../model/pull-request.js';
import { type CommitSha, commitSha, repositoryId } from '../../model/pull-request.js';
import type { CodeHost, Labels } from '../port.js';

export interface RehearsalOptions {
  /** The commit every pull request is taken to be at. @default made from its name, always the same */
  readonly headSha?: string;
}

/**
 * A code host for trials on one machine: every pull request is open, at one commit, without files, and labels last as long as the
 * process. Nothing here says anything about a real pull request.
 */
export function rehearsalHost({ headSha }: RehearsalOptions = {}): CodeHost & Labels {
  const labels = new Map<string, Set<Label>>();
  const labelsOf = (ref: PullRequestRef): Set<Label> => {
    const key = `${ref.repository}#${ref.number}`;
    const found = labels.get(key) ?? new Set<Label>();
    labels.set(key, found);
    return found;
  };
  return {
    read: (ref) => Promise.resolve(pretend(ref, headSha, [...labelsOf(ref)].sort())),
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
    add: (ref, label) => Promise.resolve(void labelsOf(ref).add(label)),
    remove: (ref, label) => Promise.resolve(void labelsOf(ref).delete(label)),
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

const isSha = (text: string): boolean => /^[0-9a-f]{40}$/.test(text);
const shaOf = (text: string): CommitSha => commitSha(createHash('sha1').update(text).digest('hex'));
const idOf = (repository: RepositoryName) =>
  repositoryId(1 + (createHash('sha1').update(repository).digest().readUInt32BE(0) >>> 1));
