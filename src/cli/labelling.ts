import { changedLabels, type LabelChange, missingOf } from '../line/command.js';
import type { PullRequestRef } from '../model/pull-request.js';
import type { Subject } from '../reconcile.js';
import type { Session } from './session.js';

/** The subject as it will be once the labels are set: what can't be granted must never become one. */
export const labelledAs = (subject: Subject, change: LabelChange): Subject => ({
  ...subject,
  truth: async () => {
    const truth = await subject.truth();
    const { pullRequest } = truth;
    if (pullRequest === undefined) return truth;
    return { ...truth, pullRequest: { ...pullRequest, labels: changedLabels(pullRequest.labels, change) } };
  },
});

/** Of an open pull request: only what isn't so already is written. */
export async function setLabels(ref: PullRequestRef, change: LabelChange, { forge }: Session): Promise<void> {
  const { labels, state } = await forge.host.read(ref);
  if (state === 'closed') return;
  const { add, remove } = missingOf(labels, change);
  for (const label of add) await forge.labels.add(ref, label);
  for (const label of remove) await forge.labels.remove(ref, label);
}
