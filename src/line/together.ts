import type { Limits } from '../config/config.js';
import { tooManyRemovals } from '../decide/removals.js';
import { nearest } from '../model/nearest.js';
import type { RejectedReason } from '../model/outcome.js';
import type { Plan } from './plan.js';

/** A label or `.bivouac.yaml` counts for every application of the repository: a component must exist in one of them. */
export function refuseUnknownComponents(plans: readonly Plan[]): readonly Plan[] {
  const writes = plans.filter((plan) => plan.kind === 'write');
  const [first, ...others] = writes.map(({ rendering }) => rendering.unknown);
  const nowhere = (first ?? []).filter((name) => others.every((unknown) => unknown.includes(name)));
  if (nowhere.length === 0) return plans;

  const known = [...new Set(writes.flatMap(({ rendering }) => rendering.known))].sort();
  const message = nowhere.map((name) => {
    const meant = nearest(name, known);
    return `there is no component "${name}"${meant === undefined ? '' : `; did you mean "${meant}"?`}`;
  });
  return plans.map((plan) =>
    plan.kind === 'write'
      ? refused(plan, 'OverrideNotAllowed', `${message.join('; ')} (there are: ${known.join(', ')})`)
      : plan,
  );
}

/**
 * The breaker: whatever the reason, one run doesn't remove more than the platform allows. A removal in two steps counts at its first:
 * by the second nothing runs any more.
 */
export function refuseMassRemoval(plans: readonly Plan[], total: number, limits: Limits): readonly Plan[] {
  const counts = (plan: Plan): boolean => plan.kind === 'remove' && plan.ended === undefined;
  const removals = plans.filter(counts);
  const problem = tooManyRemovals(
    removals.map(({ candidate }) => candidate.id),
    total,
    limits,
  );
  if (problem === undefined) return plans;
  return plans.map((plan) => (counts(plan) ? refused(plan, 'TooManyRemovals', problem) : plan));
}

const refused = ({ candidate, stored, record }: Plan, reason: RejectedReason, message: string): Plan => ({
  candidate,
  ...(stored !== undefined && { stored }),
  ...(record !== undefined && { record }),
  kind: 'refuse',
  reason,
  message,
  violations: [],
});
