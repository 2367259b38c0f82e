import {
  commitSha,
  type PullRequest,
  pullRequestNumber,
  repositoryId,
  repositoryName,
} from '../../model/pull-request.js';
import { type Answer, minted } from './answer.js';

/** A pull request as the code host describes it, alone or in a list, as ours. @throws TemporaryError CodeHostUnavailable */
export const pullRequestOf = (answer: Answer): PullRequest => {
  const head = answer.maybe('head.repo.id');
  return {
    ...minted(
      () => ({
        repository: repositoryName(answer.text('base.repo.full_name')),
        repositoryId: repositoryId(answer.number('base.repo.id')),
        number: pullRequestNumber(answer.number('number')),
        headSha: commitSha(answer.text('head.sha')),
        baseSha: commitSha(answer.text('base.sha')),
        ...(head === undefined ? {} : { headRepositoryId: repositoryId(answer.number('head.repo.id')) }),
      }),
      answer.asked,
    ),
    state: stateOf(answer),
    merged: answer.maybe('merged_at') !== undefined, // lists have no `merged`
    draft: answer.maybe('draft')?.value === true,
    title: answer.text('title'),
    author: authorOf(answer),
    headBranch: answer.text('head.ref'),
    baseBranch: answer.text('base.ref'),
    labels: answer.list('labels').map((label) => label.text('name')),
    url: answer.text('html_url'),
  };
};

/** Only these two words: whatever else a proxy makes of it must not look closed. */
const stateOf = (answer: Answer): 'open' | 'closed' =>
  minted(() => {
    const state = answer.text('state');
    if (state !== 'open' && state !== 'closed') throw new Error('"state" is neither open nor closed');
    return state;
  }, answer.asked);

/** An account that was deleted is shown as `ghost`. */
const authorOf = (answer: Answer): PullRequest['author'] =>
  answer.maybe('user') === undefined
    ? { login: 'ghost', id: '', bot: false }
    : {
        login: answer.text('user.login'),
        id: String(answer.number('user.id')),
        bot: answer.maybe('user.type')?.value === 'Bot',
      };
