import { temporaryError } from '../../model/errors.js';
import { type Label, printPullRequest, type PullRequestRef } from '../../model/pull-request.js';
import type { Labels } from '../port.js';
import { isList } from '../rest/answer.js';
import { type Api, slugOf } from '../rest/api.js';

const ofIssue = '/repos/{owner}/{repo}/issues/{issue_number}/labels';
const ofRepository = '/repos/{owner}/{repo}/labels';

/** Gitea leaves out a label that the repository doesn't have, without a word, and takes one off by its id. */
export const createLabels = (api: Api): Labels => ({
  add: async (ref, label) => {
    const question = questionOf(ref, label);
    const put = async (): Promise<boolean> => {
      const parameters = { ...addressOf(ref), labels: [label] };
      const now = await api.ask({ route: `POST ${ofIssue}`, parameters }, question);
      return isList(now.value) && now.list('').some((each) => each.text('name') === label);
    };
    if (await put()) return;
    const parameters = { ...slugOf(ref.repository), name: label, color: '#ededed' };
    await api.ask({ route: `POST ${ofRepository}`, parameters }, { ...question, effect: `the label ${label}` });
    if (!(await put()))
      throw temporaryError('CodeHostUnavailable', `Gitea didn’t add the label ${label}`, {
        where: printPullRequest(ref),
        remedy: 'Run again.',
      });
  },
  remove: async (ref, label) => {
    const question = questionOf(ref, label);
    const there = await api.askAll({ route: `GET ${ofIssue}`, parameters: addressOf(ref) }, { what: question.what });
    for (const each of there.filter((one) => one.text('name') === label)) {
      const parameters = { ...addressOf(ref), id: each.number('id') };
      await api.ask({ route: `DELETE ${ofIssue}/{id}`, parameters }, question);
    }
  },
});

const addressOf = (ref: PullRequestRef) => ({ ...slugOf(ref.repository), issue_number: ref.number });

const questionOf = (ref: PullRequestRef, label: Label) => ({
  what: `label ${label} of pull request ${printPullRequest(ref)}`,
  effect: 'the change of the label',
});
