import { temporaryError, userError } from '../../model/errors.js';
import {
  printPullRequest,
  type PullRequest,
  type PullRequestRef,
  type RepositoryName,
} from '../../model/pull-request.js';
import { type Api, slugOf } from './api.js';
import { pullRequestOf } from './pull-request.js';

const addressOf = (ref: PullRequestRef) => ({ ...slugOf(ref.repository), pull_number: ref.number });

const askPullRequest = (api: Api, ref: PullRequestRef) =>
  api.ask(
    { route: 'GET /repos/{owner}/{repo}/pulls/{pull_number}', parameters: addressOf(ref) },
    { what: `pull request ${printPullRequest(ref)}` },
  );

export const readPullRequest = async (api: Api, ref: PullRequestRef): Promise<PullRequest> =>
  pullRequestOf(await askPullRequest(api, ref));

/** Paths, those that moved under both names. `limit`: how many the code host names at most. @throws UserError TooManyFiles */
export const readChangedFiles = async (
  api: Api,
  ref: PullRequestRef,
  limit = Number.POSITIVE_INFINITY,
): Promise<readonly string[]> => {
  const question = { what: `files of pull request ${printPullRequest(ref)}` };
  const call = { route: 'GET /repos/{owner}/{repo}/pulls/{pull_number}/files', parameters: addressOf(ref) };
  const [pull, files] = await Promise.all([askPullRequest(api, ref), api.askAll(call, question)]);
  const { name } = pull.asked.dialect;
  const expected = pull.number('changed_files');
  if (expected > limit)
    throw userError('TooManyFiles', `${printPullRequest(ref)} changes ${expected} files; ${name} names ${limit}`, {
      remedy: 'Ask for its environment with the label bivouac:on, which needs no paths.',
    });
  if (files.length < expected)
    throw temporaryError(
      'CodeHostUnavailable',
      `${name} named ${files.length} of ${expected} files (${question.what})`,
      {
        remedy: 'Run again: the pull request was probably pushed to meanwhile.',
      },
    );
  const before = files.flatMap((file) => file.maybe('previous_filename')?.value ?? []).map(String);
  return [...new Set([...files.map((file) => file.text('filename')), ...before])].sort();
};

/** `order`: oldest first, so that a new one lands on the last page and shifts none out of the list. */
export const listOpenPullRequests = async (
  api: Api,
  repository: RepositoryName,
  order: Readonly<Record<string, string>>,
): Promise<readonly PullRequest[]> => {
  const question = { what: `open pull requests of ${repository}` };
  const parameters = { ...slugOf(repository), state: 'open', ...order };
  const answers = await api.askAll({ route: 'GET /repos/{owner}/{repo}/pulls', parameters }, question);
  const byNumber = new Map(answers.map((answer) => [answer.number('number'), pullRequestOf(answer)]));
  return [...byNumber.values()].sort((a, b) => a.number - b.number);
};
