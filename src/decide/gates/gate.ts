import type { IgnoredReason } from '../../model/outcome.js';
import type { PullRequest } from '../../model/pull-request.js';
import type { Question } from '../question.js';

/** A gate sees questions about a pull request only. */
export type GateQuestion = Question & { readonly pullRequest: PullRequest };

export interface Closed {
  readonly reason: IgnoredReason;
  /** For the pull request's author: what is so, and what to do. */
  readonly message: string;
}

/** Undefined: open. */
export type Gate = (question: GateQuestion) => Closed | undefined;
