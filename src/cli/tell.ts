import type { Config } from '../config/config.js';
import { commentOf } from '../feedback/comment.js';
import type { CommentContext } from '../feedback/context.js';
import { textDiff } from '../feedback/text-diff.js';
import type { Plan } from '../line/plan.js';
import type { Outcome } from '../model/outcome.js';
import type { PullRequestRef } from '../model/pull-request.js';
import type { Reconciled } from '../reconcile.js';
import { addressesOf } from '../synth/exposure.js';
import { whyOf } from '../synth/why.js';
import { manifestsOf } from './manifests.js';
import type { Forge } from './wire.js';

/** Tells the pull request what became of each environment. Best effort: what fails here is a warning beside what Git holds. */
export async function tell(
  ref: PullRequestRef,
  results: readonly Reconciled[],
  { config, forge }: { readonly config: Config; readonly forge: Forge },
): Promise<readonly Outcome[]> {
  const { feedback } = forge;
  if (feedback === undefined) return results.map(({ outcome }) => outcome);
  const told: Outcome[] = [];
  for (const { outcome, plan } of results) {
    const comment = commentOf(outcome, { config, ...seen(plan) });
    try {
      if (comment !== undefined) await feedback.comment(ref, comment);
      told.push(outcome);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      told.push({ ...outcome, warnings: [...(outcome.warnings ?? []), `the pull request could not be told: ${why}`] });
    }
  }
  return told;
}

/** What Git holds after the run, and what of it is worth showing. */
function seen(plan: Plan): Omit<CommentContext, 'config'> {
  if (plan.kind === 'remove') return {};
  if (plan.kind !== 'write') return plan.record === undefined ? {} : { record: plan.record };
  const { record, files, components } = plan.rendering;
  const diff = plan.stored === undefined ? '' : textDiff(manifestsOf(plan.stored.files), manifestsOf(files));
  return {
    record,
    why: whyOf(files),
    addresses: new Map(
      addressesOf(components, plan.desired.spec).map(({ component, url }) => [component as string, url]),
    ),
    ...(diff !== '' && { diff }),
  };
}
