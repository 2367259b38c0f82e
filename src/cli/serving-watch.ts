import type { Candidate } from '../decide/facts.js';
import { type EnvironmentId, printId } from '../model/names.js';
import type { Outcome } from '../model/outcome.js';
import type { PullRequestRef } from '../model/pull-request.js';
import type { Reconciled } from '../reconcile.js';
import { reconcileFields } from '../server/log-fields.js';
import type { Log } from '../server/log.js';
import type { Metrics } from '../server/metrics.js';
import type { Watches, Watching } from '../server/watches.js';
import { observeUnattended, tellUnattended } from './following.js';
import type { Session } from './session.js';
import { isObservable, type Watch } from './waiting.js';

/** Between two looks at teardown tasks; milliseconds. */
const teardownMs = 10_000;

/** Who looks at the cluster after a service’s pushes. */
export interface ServingWatch {
  readonly watches: Watches;
  readonly watch: Watch;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Whose reconcile is followed. */
export interface Followed {
  readonly ref: PullRequestRef;
  readonly session: Session;
  /** When Git had it, or was seen to have it already; milliseconds since 1970. */
  readonly since: number;
  /** Has the pull request reconciled once more. */
  readonly again: () => void;
}

/** Whoever waits for environments to run, or for their teardown, is called off; resolves when nothing more is told of it. */
export const endWatches = async (candidates: readonly Candidate[], to: ServingWatch | undefined): Promise<void> => {
  if (to !== undefined) await Promise.all(candidates.map(({ id }) => to.watches.end(printId(id))));
};

/** Whoever waits for a removal goes on, whatever else happens to the pull request, until there is something new to be said. */
export const endRemovalWatches = async (
  results: readonly Reconciled[],
  to: ServingWatch | undefined,
): Promise<void> => {
  const ids = results.flatMap(({ outcome }) => (outcome.id !== undefined && isObservable(outcome) ? outcome.id : []));
  if (to !== undefined) await Promise.all(ids.map((id) => to.watches.end(removalOf(id))));
};

const removalOf = (id: EnvironmentId): string => `the removal of ${printId(id)}`;

/** What comes after a reconcile: each environment is followed until it is known how it ended, and a teardown until its tasks have. */
export const startWatches = (results: readonly Reconciled[], followed: Followed, to: ServingWatch): void => {
  for (const result of results) {
    const { id, outcome, reason } = result.outcome;
    if (id === undefined) continue;
    const key = outcome === 'Removed' ? removalOf(id) : printId(id);
    if (isObservable(result.outcome)) to.watches.start(key, following(result, followed, to));
    if (reason === 'TearingDown') to.watches.start(key, goingAlongAgain(followed));
  }
};

const goingAlongAgain =
  ({ again }: Followed): Watching =>
  async (clock) => {
    await clock.wait(teardownMs);
    return () => Promise.resolve(again());
  };

const following =
  (result: Reconciled, { ref, session, since, again }: Followed, { watch, log, metrics }: ServingWatch): Watching =>
  async (clock) => {
    const outcome = await observeUnattended(result.outcome, { ...watch, clock });
    const seconds = (clock.now().getTime() - since) / 1000;
    return async () => {
      const told = await tellUnattended({ ...result, outcome }, { ref, audience: session });
      count(told, seconds, metrics);
      const { state, message } = told.deployment ?? { state: 'not-observed', message: '' };
      log('info', 'observed', { ...reconcileFields(ref, told), state, message, seconds: Math.round(seconds) });
      if (state === 'superseded') again(); // somebody else has changed it in Git: the comment is to say what holds now
    };
  };

const count = ({ outcome, deployment }: Outcome, seconds: number, metrics: Metrics): void => {
  const state = deployment?.state ?? 'not-observed';
  metrics.count('bivouac_observed_total', { state });
  if (state === 'ready' && outcome !== 'Unchanged') metrics.observe('bivouac_push_to_ready_seconds', seconds);
};
