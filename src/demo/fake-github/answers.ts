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

export const labelAnswer = (repository: RepositoryState, name: string): Schemas['label'] => ({
  id: 1_362_934_389 + [...repository.labels].indexOf(name),
  node_id: 'MDU6TGFiZWwxMzYyOTM0Mzg5',
  url: `https://api.github.com/repos/${repository.name}/labels/${encodeURIComponent(name)}`,
  name,
  color: 'ededed',
  default: false,
  description: null,
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

/** GitHub's form of a refusal. */
export const errorAnswer = (message: string) => ({
  message,
  documentation_url: 'https://docs.github.com/rest',
});
