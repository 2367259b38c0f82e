import type { Config } from '../config/config.js';
import { commentOf } from '../feedback/comment.js';
import type { CommentContext } from '../feedback/context.js';
import { deploymentOf } from '../feedback/deployment.js';
import { commitStatusOf } from '../feedback/status.js';
import type { Feedback } from '../feedback/port.js';
import { textDiff } from '../feedback/text-diff.js';
import type { Plan } from '../line/plan.js';
import type { Outcome } from '../model/outcome.js';
import type { PullRequestRef } from '../model/pull-request.js';
import type { Reconciled } from '../reconcile.js';
import { addressesOf } from '../synth/exposure.js';
import { whyOf } from '../synth/why.js';
import { manifestsOf } from './manifests.js';
import type { Forge } from './wire.js';

interface Audience {
  readonly config: Config;
  readonly forge: Forge;
  /** Whether an outcome says anything new. */
  readonly isNews: (outcome: Outcome) => boolean;
}

/** Tells the pull request what became of each environment. Best effort: what fails here is a warning beside what Git holds. */
export async function tell(
  ref: PullRequestRef,
  results: readonly Reconciled[],
  { config, forge, isNews }: Audience,
): Promise<readonly Outcome[]> {
  const { feedback } = forge;
  if (feedback === undefined) return results.map(({ outcome }) => outcome);
  const told: Outcome[] = [];
  for (const { outcome, plan } of results) {
    const warnings = new Set(outcome.warnings);
    if (isNews(outcome))
      for (const [what, send] of messagesOf(outcome, { config, ...seen(plan) }))
        await send(feedback, ref).catch((error: unknown) => {
          warnings.add(`${what} could not be told: ${error instanceof Error ? error.message : String(error)}`);
        });
    told.push(warnings.size === 0 ? outcome : { ...outcome, warnings: [...warnings] });
  }
  return told;
}

type Send = (feedback: Feedback, ref: PullRequestRef) => Promise<void>;

/** What there is to say, each by itself: one that is lost leaves the others. */
function messagesOf(outcome: Outcome, context: CommentContext): readonly (readonly [string, Send])[] {
  const comment = context.config.feedback.comment ? commentOf(outcome, context) : undefined;
  const deployment = deploymentOf(outcome, context);
  const status = commitStatusOf(outcome, context);
  const messages: [string, Send][] = [];
  if (comment !== undefined) messages.push(['the pull request', (to, ref) => to.comment(ref, comment)]);
  if (deployment !== undefined) messages.push(['the deployment', (to, ref) => to.deployment(ref, deployment)]);
  if (status !== undefined) messages.push(['the commit’s status', (to, ref) => to.status(ref, status)]);
  return messages;
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
