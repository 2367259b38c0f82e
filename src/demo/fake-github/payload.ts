import { labelAnswer, pullRequestAnswer, repositoryAnswer, userAnswer } from './answers.js';
import type { PullRequestState, RepositoryState } from './state.js';

export type WebhookAction =
  | 'opened'
  | 'reopened'
  | 'synchronize'
  | 'edited'
  | 'closed'
  | 'labeled'
  | 'unlabeled'
  | 'ready_for_review'
  | 'converted_to_draft';

export interface WebhookEvent {
  readonly action: WebhookAction;
  /** Of `labeled` and `unlabeled`. */
  readonly label?: string;
}

/** GitHub's real `pull_request` payload with this pull request's facts in it. */
export const webhookPayload = (
  repository: RepositoryState,
  pull: PullRequestState,
  { action, label }: WebhookEvent,
): object => ({
  action,
  number: pull.number,
  pull_request: pullRequestAnswer(repository, pull),
  ...(label === undefined ? {} : { label: labelAnswer(repository, label) }),
  ...(action === 'synchronize' ? { before: pull.beforeSha, after: pull.headSha } : {}),
  ...(action === 'edited' ? { changes: {} } : {}),
  repository: repositoryAnswer(repository),
  sender: userAnswer(pull.author),
});
