import { isBivouacError } from '../../model/errors.js';
import { type Label, printPullRequest, type PullRequestRef } from '../../model/pull-request.js';
import type { Labels } from '../port.js';
import { type Api, slugOf } from '../rest/api.js';

/** Labels of a pull request are those of its issue; a new one is made in the repository as it is added. */
export const createLabels = (api: Api): Labels => ({
  add: async (ref, label) => {
    const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/labels';
    await api.ask({ route, parameters: { ...addressOf(ref), labels: [label] } }, questionOf(ref, label));
  },
  remove: async (ref, label) => {
    const route = 'DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}';
    await api.ask({ route, parameters: { ...addressOf(ref), name: label } }, questionOf(ref, label)).catch(absent);
  },
});

const addressOf = (ref: PullRequestRef) => ({ ...slugOf(ref.repository), issue_number: ref.number });

const questionOf = (ref: PullRequestRef, label: Label) => ({
  what: `label ${label} of pull request ${printPullRequest(ref)}`,
  effect: 'the change of the label',
});

/** "Label does not exist" is what was wanted; any other 404 is a pull request that can't be seen. */
const absent = (error: unknown): void => {
  if (isBivouacError(error) && /label does not exist/i.test(String(error.data['said']))) return;
  throw error;
};
