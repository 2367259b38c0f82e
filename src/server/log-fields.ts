import { isBivouacError } from '../model/errors.js';
import { printId } from '../model/names.js';
import type { Outcome } from '../model/outcome.js';
import { printPullRequest, type PullRequestRef } from '../model/pull-request.js';
import type { Swept } from '../sweep.js';
import type { Fields } from './log.js';
import type { Failure } from './queue.js';

export const reconcileFields = (ref: PullRequestRef, outcome: Outcome): Fields => ({
  pullRequest: printPullRequest(ref),
  ...outcomeFields(outcome),
});

export const failureFields = ({ key, error, tries, againIn }: Failure): Fields => ({
  pullRequest: key,
  tries,
  next: againIn === undefined ? 'left to the sweep' : `tried again in ${Math.round(againIn / 1000)} s`,
  ...errorFields(error),
});

/** What was repaired, and what wasn’t: names of a few, numbers of all. */
export const sweepFields = ({ outcomes, failures, left, passedOver, foreign }: Swept): Fields => ({
  repaired: outcomes.filter(({ outcome }) => ['Created', 'Updated', 'Removed'].includes(outcome)).length,
  refused: outcomes
    .filter(({ outcome }) => outcome === 'Rejected')
    .map(outcomeFields)
    .slice(0, few),
  failed: failures.length,
  failures: failures.slice(0, few).map(({ name, error }) => ({ name, ...errorFields(error) })),
  left: left.length,
  notLookedAt: passedOver.length,
  foreignCharts: foreign.slice(0, few),
});

const few = 10;

const outcomeFields = ({ id, outcome, reason, message, commit, warnings }: Outcome): Fields => ({
  ...(id !== undefined && { environment: printId(id) }),
  outcome,
  reason,
  message,
  ...(commit !== undefined && { commit }),
  ...(warnings !== undefined && { warnings }),
});

export const errorFields = (error: unknown): Fields =>
  isBivouacError(error)
    ? {
        code: error.code,
        message: error.message,
        ...(error.where !== undefined && { where: error.where }),
        changed: error.changed,
      }
    : { code: 'InternalError', message: error instanceof Error ? error.message : String(error) };
