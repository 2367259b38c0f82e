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
import type { Line, Reconciled } from '../reconcile.js';
import { addressesOf } from '../synth/exposure.js';
import { whyOf } from '../synth/why.js';
import { baseDifference } from './base-difference.js';
import { manifestsOf } from './manifests.js';
import { cleanedBy } from './redact.js';
import type { Forge } from './wire.js';

export interface Audience {
  readonly config: Config;
  readonly forge: Forge;
  /** Whether an outcome says anything new. */
  readonly isNews: (outcome: Outcome) => boolean;
  /** Takes secrets out: charts, git and code hosts may repeat what they were given. */
  readonly clean: (text: string) => string;
  /** As of a comment. */
  readonly watchedUntil?: string;
  /** What renders the base branch's side of an environment. @default nothing: a comment shows what was there before instead */
  readonly line?: Line;
  /** The line renders what a bundle holds, and so no other side. */
  readonly bundled?: true;
}

/** Tells the pull request what became of each environment. Best effort: what fails here is a warning beside what Git holds. */
export async function tell(
  ref: PullRequestRef,
  results: readonly Reconciled[],
  audience: Audience,
): Promise<readonly Outcome[]> {
  const { clean, isNews } = audience;
  const { feedback } = audience.forge;
  if (feedback === undefined) return results.map(({ outcome }) => outcome);
  const told: Outcome[] = [];
  for (const { outcome, plan } of results) {
    const warnings = new Set(outcome.warnings);
    if (isNews(outcome))
      for (const [what, send] of messagesOf(cleanedBy(clean, outcome), await contextOf(plan, audience)))
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

async function contextOf(
  plan: Plan,
  { config, watchedUntil, line, bundled, clean }: Audience,
): Promise<CommentContext> {
  const context = { config, ...(watchedUntil !== undefined && { watchedUntil }) };
  if (plan.kind === 'remove') return context;
  if (plan.kind !== 'write') return { ...context, ...(plan.record !== undefined && { record: plan.record }) };
  const isCompared = line !== undefined && bundled !== true && config.feedback.comment;
  const base = isCompared ? await baseDifference(plan, line) : undefined;
  const isMade = base !== undefined && 'difference' in base;
  return {
    ...context,
    ...seen(plan),
    ...(base !== undefined && { base: cleanedBy(clean, base) }),
    ...(!isMade && changed(plan)),
  };
}

type Written = Extract<Plan, { kind: 'write' }>;

/** What Git holds after the run. */
function seen({ rendering, desired }: Written): Omit<CommentContext, 'config'> {
  const { record, files, components } = rendering;
  return {
    record,
    optional: rendering.known.filter((component) => !record.components.includes(component)),
    why: whyOf(files),
    addresses: new Map(addressesOf(components, desired.spec).map(({ component, url }) => [component as string, url])),
  };
}

/** What this run changed. */
function changed({ stored, rendering }: Written): Pick<CommentContext, 'diff'> {
  const diff = stored === undefined ? '' : textDiff(manifestsOf(stored.files), manifestsOf(rendering.files));
  return diff === '' ? {} : { diff };
}
