import type { CommitSha, PullRequest, PullRequestRef, RepositoryId } from '../model/pull-request.js';

/** Nobody was asked, so nobody's id is known; `publish` writes the real one. */
export const unknownId = '0' as RepositoryId;

/** A pull request as far as a rendering depends on it, where the code host isn't asked. */
export const imagined = (ref: PullRequestRef, headSha: CommitSha, labels: readonly string[] = []): PullRequest => ({
  repository: ref.repository,
  repositoryId: unknownId,
  number: ref.number,
  state: 'open',
  merged: false,
  draft: false,
  title: '',
  author: { login: '', id: '', bot: false },
  headSha,
  headBranch: '',
  headRepositoryId: unknownId,
  baseBranch: '',
  baseSha: headSha,
  labels,
  changedFiles: [],
  url: '',
});

/** No environment counts: limits have no say in what one would be. */
export const uncounted = { total: 0, perRepository: 0, perAuthor: 0 };
