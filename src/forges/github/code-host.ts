import { isBivouacError, temporaryError, userError } from '../../model/errors.js';
import {
  commitSha,
  type FileAtCommit,
  printPullRequest,
  type PullRequestRef,
  repositoryId,
  type RepositoryName,
} from '../../model/pull-request.js';
import type { CodeHost, CommitOnBranch } from '../port.js';
import { minted } from './answer.js';
import { type Api, slugOf } from './api.js';
import { readApprovals } from './approvals.js';
import { readFile } from './file.js';
import { pullRequestOf } from './pull-request.js';

/** GitHub names no more changed files than this. */
const fileLimit = 3000;

/** Pull requests as GitHub has them now. Whatever can't be read throws. */
export const createCodeHost = (api: Api): CodeHost => ({
  read: (ref) => readPullRequest(api, ref),
  changedFiles: (ref) => changedFiles(api, ref),
  listOpen: (repository) => listOpen(api, repository),
  readFile: (at: FileAtCommit) => readFile(api, at),
  resolve: (repository, ref) => resolve(api, repository, ref),
  approvals: (ref) => readApprovals(api, ref),
  isOnBranch: (at) => isOnBranch(api, at),
});

const addressOf = (ref: PullRequestRef) => ({ ...slugOf(ref.repository), pull_number: ref.number });

const askPullRequest = async (api: Api, ref: PullRequestRef) => {
  const question = { what: `pull request ${printPullRequest(ref)}` };
  const call = { route: 'GET /repos/{owner}/{repo}/pulls/{pull_number}', parameters: addressOf(ref) };
  return { answer: await api.ask(call, question), question };
};

const readPullRequest = async (api: Api, ref: PullRequestRef) => {
  const { answer, question } = await askPullRequest(api, ref);
  return pullRequestOf(answer, question);
};

const changedFiles = async (api: Api, ref: PullRequestRef): Promise<readonly string[]> => {
  const question = { what: `files of pull request ${printPullRequest(ref)}` };
  const call = { route: 'GET /repos/{owner}/{repo}/pulls/{pull_number}/files', parameters: addressOf(ref) };
  const [{ answer }, files] = await Promise.all([askPullRequest(api, ref), api.askAll(call, question)]);
  const expected = answer.number('changed_files');
  if (expected > fileLimit)
    throw userError('TooManyFiles', `${printPullRequest(ref)} changes ${expected} files; GitHub names ${fileLimit}`, {
      remedy: 'Ask for its environment with the label bivouac:on, which needs no paths.',
    });
  if (files.length < expected)
    throw temporaryError(
      'CodeHostUnavailable',
      `GitHub named ${files.length} of ${expected} files (${question.what})`,
      {
        remedy: 'Run again: the pull request was probably pushed to meanwhile.',
      },
    );
  const before = files.flatMap((file) => file.maybe('previous_filename')?.value ?? []).map(String);
  return [...new Set([...files.map((file) => file.text('filename')), ...before])].sort();
};

/** Oldest first, so that a new one lands on the last page and shifts none out of the list. */
const listOpen = async (api: Api, repository: RepositoryName) => {
  const question = { what: `open pull requests of ${repository}` };
  const parameters = { ...slugOf(repository), state: 'open', sort: 'created', direction: 'asc' };
  const answers = await api.askAll({ route: 'GET /repos/{owner}/{repo}/pulls', parameters }, question);
  const byNumber = new Map(answers.map((answer) => [answer.number('number'), pullRequestOf(answer, question)]));
  return [...byNumber.values()].sort((a, b) => a.number - b.number);
};

const resolve = async (api: Api, repository: RepositoryName, ref: string) => {
  const slug = slugOf(repository);
  const question = { what: `repository ${repository}` };
  checkRef(ref);
  const found = await api.ask({ route: 'GET /repos/{owner}/{repo}', parameters: slug }, question);
  const commit = await askCommit(api, repository, ref);
  return minted(
    () => ({
      repository,
      repositoryId: repositoryId(found.number('id')),
      sha: commitSha(commit.text('sha')),
    }),
    question,
  );
};

const askCommit = async (api: Api, repository: RepositoryName, ref: string) => {
  const call = { route: 'GET /repos/{owner}/{repo}/commits/{ref}', parameters: { ...slugOf(repository), ref } };
  try {
    return await api.ask(call, { what: `commit of ${repository}` });
  } catch (error) {
    // the repository itself was just found; 422 is GitHub's word for no such commit
    if (!isBivouacError(error) || !['CodeHostNotFound', 'CodeHostRefused'].includes(error.code)) throw error;
    throw userError('RefNotFound', `${repository} has no branch, tag or commit ${JSON.stringify(ref)}`, {
      where: '--ref',
      remedy: 'Give a branch, a tag or all 40 digits of a commit.',
      cause: error,
    });
  }
};

/** Compared with the branch, one of its commits is `behind` or `identical`; a commit that nobody knows proves nothing. */
const isOnBranch = async (api: Api, { repository, branch, commit }: CommitOnBranch): Promise<boolean> => {
  checkRef(branch);
  const parameters = { ...slugOf(repository), basehead: `${branch}...${commit}`, per_page: 1 };
  const question = { what: `commit ${commit.slice(0, 7)} on branch ${branch} of ${repository}` };
  try {
    const answer = await api.ask({ route: 'GET /repos/{owner}/{repo}/compare/{basehead}', parameters }, question);
    return ['behind', 'identical'].includes(answer.text('status'));
  } catch (error) {
    if (isBivouacError(error) && error.code === 'CodeHostNotFound') return false;
    throw error;
  }
};

/** Git's own rules in short: `..` would collapse the request's path. */
const checkRef = (ref: string): void => {
  if (ref.length > 0 && ref.length <= 255 && !/\.\.|[\p{C} ~^:?*[\\]|^[./]|[./]$|\/\//u.test(ref)) return;
  throw userError('InvalidRef', `${JSON.stringify(ref.slice(0, 80))} is no name of a branch, tag or commit`, {
    where: '--ref',
    remedy: 'Give a branch, a tag or all 40 digits of a commit.',
  });
};
