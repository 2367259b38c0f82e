import { isBivouacError } from '../model/errors.js';
import type { Outcome } from '../model/outcome.js';
import type { PullRequestRef } from '../model/pull-request.js';
import type { Reconciled } from '../reconcile.js';
import { type Audience, tell } from './tell.js';
import { notObserved, observe, wasSeen, type Watch } from './waiting.js';

/** Who looks, and who is told; without a pull request nobody is. */
export interface Following {
  readonly ref?: PullRequestRef;
  readonly audience: Omit<Audience, 'isNews' | 'watchedUntil'>;
  readonly watch: Watch;
}

/** Waits until it is known how it ended in the cluster, and tells the pull request. @throws as `observe` */
export async function follow({ plan, outcome }: Reconciled, following: Following): Promise<Outcome> {
  const seen = await observe(outcome, following.watch);
  return tellSeen({ plan, outcome: seen }, following, wasSeen);
}

/** The first half, where nobody waits for an answer: that nobody can look is one, too. */
export const observeUnattended = (outcome: Outcome, watch: Watch): Promise<Outcome> =>
  observe(outcome, watch).catch((error: unknown) => {
    if (!isBivouacError(error)) throw error;
    return notObserved(outcome, error.message);
  });

/** The second half of it: whatever is known is told, and that nothing is. */
export const tellUnattended = (result: Reconciled, following: Omit<Following, 'watch'>): Promise<Outcome> =>
  tellSeen(result, following, (each) => wasSeen(each) || each.deployment?.state === 'not-observed');

async function tellSeen(
  result: Reconciled,
  { ref, audience }: Omit<Following, 'watch'>,
  isNews: (outcome: Outcome) => boolean,
): Promise<Outcome> {
  if (ref === undefined) return result.outcome;
  const [told = result.outcome] = await tell(ref, [result], { ...audience, isNews });
  return told;
}
