import type { components } from '@octokit/openapi-types';
import opened from './payloads/opened.json' with { type: 'json' };
import type { Account, Comment, PullRequestState, RepositoryState } from './state.js';

type Schemas = components['schemas'];
type Template = typeof opened;

/** Of a real payload, whose dozens of addresses a client may look at. */
const renamed = <Part>(part: Part, repository: string): Part =>
  JSON.parse(
    JSON.stringify(part)
      .replaceAll('Codertocat/Hello-World', repository)
      .replaceAll('Codertocat', repository.split('/')[0] ?? ''),
  ) as Part;

/** An account as it sees itself. */
export const ownUserAnswer = (account: Account): Schemas['private-user'] => ({
  ...userAnswer(account),
  ...{ name: account.login, company: null, blog: null, location: null, email: null, hireable: null, bio: null },
  ...{ public_repos: 1, public_gists: 0, followers: 0, following: 0, created_at: born, updated_at: born },
  ...{ private_gists: 0, total_private_repos: 0, owned_private_repos: 0, disk_usage: 0, collaborators: 0 },
  two_factor_authentication: true,
});
const born = '2020-01-01T00:00:00Z';

/** A commit, of which nothing is known but its id. */
export const commitAnswer = (repository: RepositoryState, sha: string): Schemas['commit'] => {
  const url = `https://api.github.com/repos/${repository.name}`;
  const by = { name: 'octocat', email: 'octocat@example.com', date: born };
  const tree = { sha: 'e'.repeat(40), url: `${url}/git/trees/${'e'.repeat(40)}` };
  return {
    ...{
      sha,
      node_id: 'MDY6Q29tbWl0MQ==',
      url: `${url}/commits/${sha}`,
      comments_url: `${url}/commits/${sha}/comments`,
    },
    ...{ html_url: `https://github.com/${repository.name}/commit/${sha}`, author: null, committer: null, parents: [] },
    commit: { url: `${url}/git/commits/${sha}`, author: by, committer: by, message: '', tree, comment_count: 0 },
  };
};

export const userAnswer = ({ login, id, type }: Account): Schemas['simple-user'] => ({
  ...renamed(opened.sender, `${login}/-`),
  login,
  id,
  type,
  html_url: `https://github.com/${login}`,
});

export const repositoryAnswer = ({ name, id }: Pick<RepositoryState, 'name' | 'id'>): Template['repository'] => ({
  ...renamed(opened.repository, name),
  id,
  name: name.split('/')[1] ?? '',
  full_name: name,
  default_branch: 'main',
});

/** By itself it has more fields than within another answer. */
export const wholeRepositoryAnswer = (repository: RepositoryState): object => ({
  ...repositoryAnswer(repository),
  ...{ has_discussions: false, network_count: 0, subscribers_count: 0 },
});

export const labelAnswer = (repository: RepositoryState, name: string): Schemas['label'] => ({
  id: 1_362_934_389 + [...repository.labels].indexOf(name),
  node_id: 'MDU6TGFiZWwxMzYyOTM0Mzg5',
  url: `https://api.github.com/repos/${repository.name}/labels/${encodeURIComponent(name)}`,
  name,
  color: 'ededed',
  default: false,
  description: '',
});

/** A pull request as `GET /pulls/{number}` and webhooks have it. */
export const pullRequestAnswer = (repository: RepositoryState, pull: PullRequestState) => {
  const template = renamed(
    JSON.parse(
      JSON.stringify(opened.pull_request).replaceAll(/(pulls?|issues)\/2\b/g, `$1/${pull.number}`),
    ) as Template['pull_request'],
    repository.name,
  );
  const { headRepository } = pull;
  return {
    ...template,
    id: repository.id * 1000 + pull.number,
    number: pull.number,
    state: pull.state,
    title: pull.title,
    user: userAnswer(pull.author),
    draft: pull.draft,
    merged: pull.mergedAt !== null,
    auto_merge: null,
    merged_at: pull.mergedAt,
    closed_at: pull.closedAt,
    created_at: pull.createdAt,
    updated_at: pull.updatedAt,
    labels: pull.labels.map((name) => labelAnswer(repository, name)),
    comments: repository.comments.get(pull.number)?.length ?? 0,
    changed_files: pull.files.length,
    head: {
      ...template.head,
      label: `${(headRepository?.name ?? repository.name).split('/')[0] ?? ''}:${pull.headBranch}`,
      ref: pull.headBranch,
      sha: pull.headSha,
      repo: headRepository === null ? null : repositoryAnswer(headRepository),
    },
    base: {
      ...template.base,
      label: `${repository.name.split('/')[0] ?? ''}:${pull.baseBranch}`,
      ref: pull.baseBranch,
      sha: pull.baseSha,
      repo: repositoryAnswer(repository),
    },
  };
};

/** Lists leave out what costs GitHub a look into Git. */
export const listedPullRequestAnswer = (repository: RepositoryState, pull: PullRequestState): object =>
  Object.fromEntries(Object.entries(pullRequestAnswer(repository, pull)).filter(([key]) => !unlisted.includes(key)));
const unlisted: readonly string[] = ['merged', 'mergeable', 'changed_files', 'comments', 'commits', 'additions'];

export interface NewComment {
  readonly id: number;
  readonly number: number;
  readonly author: Account;
  readonly body: string;
  readonly at: string;
}

export const commentAnswer = (repository: RepositoryState, { id, number, author, body, at }: NewComment): Comment => ({
  id,
  node_id: 'MDEyOklzc3VlQ29tbWVudDQ5MjcwMDQwMA==',
  url: `https://api.github.com/repos/${repository.name}/issues/comments/${id}`,
  html_url: `https://github.com/${repository.name}/pull/${number}#issuecomment-${id}`,
  issue_url: `https://api.github.com/repos/${repository.name}/issues/${number}`,
  body,
  user: userAnswer(author),
  created_at: at,
  updated_at: at,
  author_association: 'NONE',
});

interface Comparison {
  readonly base: string;
  readonly head: string;
  readonly status: 'identical' | 'behind' | 'diverged';
}

export const comparisonAnswer = (
  repository: RepositoryState,
  { base, head, status }: Comparison,
): Schemas['commit-comparison'] => {
  const html = `https://github.com/${repository.name}/compare/${base}...${head}`;
  return {
    ...{ url: `https://api.github.com/repos/${repository.name}/compare/${base}...${head}`, html_url: html },
    ...{ permalink_url: html, diff_url: `${html}.diff`, patch_url: `${html}.patch`, status },
    ...{ base_commit: commitAnswer(repository, base), merge_base_commit: commitAnswer(repository, base) },
    ...{ ahead_by: status === 'diverged' ? 1 : 0, behind_by: status === 'identical' ? 0 : 1, total_commits: 0 },
    ...{ commits: [], files: [] },
  };
};

/** GitHub's form of a refusal. */
export const errorAnswer = (message: string) => ({
  message,
  documentation_url: 'https://docs.github.com/rest',
});
