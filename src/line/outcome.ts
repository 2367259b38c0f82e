import { reasonOf } from '../decide/reason.js';
import type { CommittedChange } from '../gitops/port.js';
import type { Outcome, OutcomeFacts, RemovedReason } from '../model/outcome.js';
import type { CommitSha } from '../model/pull-request.js';
import { shortSha } from '../model/pull-request.js';
import type { Plan } from './plan.js';
import { begun, type Looks, teardownWarning } from './removal.js';
import type { Teardown } from '../synth/teardown.js';
import { changesOf } from '../synth/changes.js';

/** What the pull request's head is, and whether anything was pushed at all. */
export interface OutcomeContext {
  readonly headSha?: CommitSha;
  readonly mode: 'push' | 'dry-run';
  /** How long this run looks at teardown tasks. */
  readonly looks: Looks;
}

/** An environment's plan, and what became of it. */
export interface Reconciled {
  readonly outcome: Outcome;
  readonly plan: Plan;
}

/** What became of a plan. Pure: `committed` says whether its tree changed. */
export function outcomeOf(plan: Plan, committed: CommittedChange | undefined, context: OutcomeContext): Outcome {
  switch (plan.kind) {
    case 'write':
      return written(plan, committed, context);
    case 'remove':
      return plan.teardown === undefined
        ? removed(plan, committed, context)
        : tearingDown(plan, plan.teardown, { ...context, committed });
    case 'leave': {
      const { reason, message } = plan.desired;
      return { ...unchangedFacts(plan, context), outcome: 'Ignored', reason, message };
    }
    case 'refuse': {
      const { reason, message, violations } = plan;
      return { ...unchangedFacts(plan, context), outcome: 'Rejected', reason, message, violations };
    }
  }
}

type Removal = Extract<Plan, { kind: 'remove' }>;

function removed(plan: Removal, committed: CommittedChange | undefined, context: OutcomeContext): Outcome {
  const { candidate, stored, record, desired, ended } = plan;
  const warning = ended && teardownWarning(ended, plan);
  return {
    ...(record !== undefined && { headSha: record.headSha }),
    ...commitOf(committed, context),
    id: candidate.id,
    outcome: 'Removed',
    reason: desired.reason,
    changes: changesOf(stored?.files, undefined),
    message: sentence(context, `removed (${reasonWords[desired.reason]})`),
    ...(warning !== undefined && { warnings: [warning] }),
  };
}

function tearingDown(
  { candidate, stored }: Removal,
  teardown: Teardown,
  context: OutcomeContext & { readonly committed: CommittedChange | undefined },
): Outcome {
  const { headSha, expiresAt } = teardown.record;
  return {
    headSha,
    ...commitOf(context.committed, context),
    id: candidate.id,
    outcome: 'Updated',
    reason: 'TearingDown',
    expiresAt,
    changes: changesOf(stored?.files, teardown.files),
    message: begun(teardown, context),
  };
}

const reasonWords: Readonly<Record<RemovedReason, string>> = {
  Closed: 'closed',
  Off: 'switched off',
  Expired: 'expired',
  Requested: 'requested',
  TornDown: 'torn down',
};

function written(
  plan: Extract<Plan, { kind: 'write' }>,
  committed: CommittedChange | undefined,
  context: OutcomeContext,
): Outcome {
  const { record, files, warnings } = plan.rendering;
  const sha = shortSha(record.headSha);
  const facts = {
    ...said(record),
    ...commitOf(committed, context),
    id: plan.candidate.id,
    headSha: record.headSha,
    ...(warnings.length > 0 && { violations: warnings }),
  };
  if (committed?.commit === undefined)
    return {
      ...facts,
      outcome: 'Unchanged',
      reason: 'SameTree',
      message: `nothing to change at ${sha}${record.state === 'asleep' ? ', asleep' : ''}`,
    };

  const changes = changesOf(plan.stored?.files, files);
  const count = changes.added.length + changes.changed.length + changes.removed.length;
  const objects = `${count} ${count === 1 ? 'object' : 'objects'}`;
  const reason = reasonOf(plan.record, record);
  if (plan.stored === undefined)
    return {
      ...facts,
      changes,
      outcome: 'Created',
      reason,
      message: sentence(context, `created at ${sha}: ${objects}`),
    };
  const message = sentence(context, `updated to ${sha}: ${count === 0 ? 'no object' : objects} changed`);
  return { ...facts, changes, outcome: 'Updated', reason, message };
}

const said = (record: NonNullable<Plan['record']>) => ({
  ...(record.url !== '' && { url: record.url }),
  headSha: record.headSha,
  components: record.components,
  ...(record.expiresAt !== '' && { expiresAt: record.expiresAt }),
});

/** For what was left as it is: what Git goes on holding, and the head that was looked at. */
const unchangedFacts = (plan: Plan, { headSha }: OutcomeContext): Omit<OutcomeFacts, 'message'> => ({
  ...(plan.record !== undefined && said(plan.record)),
  ...(headSha !== undefined && { headSha }),
  id: plan.candidate.id,
});

/** A rehearsed commit is in no repository: nobody could look it up. */
const commitOf = (committed: CommittedChange | undefined, { mode }: OutcomeContext) =>
  committed?.commit === undefined || mode === 'dry-run' ? {} : { commit: committed.commit };

const sentence = ({ mode }: OutcomeContext, text: string): string => (mode === 'push' ? text : `would be ${text}`);
