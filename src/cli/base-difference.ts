import { textDiff } from '../feedback/text-diff.js';
import type { Plan } from '../line/plan.js';
import type { BaseDifference } from '../model/difference.js';
import type { Line } from '../reconcile.js';
import { compare } from '../synth/difference.js';
import { baseFiles, imagesAt } from './base-side.js';

type Written = Extract<Plan, { kind: 'write' }>;

/** A pull request is told twice of one plan, once it is in Git and once it was seen: that is one comparison. */
const made = new WeakMap<Plan, BaseDifference>();

/**
 * What a plan wrote, beside the same environment made from the base branch's facts; one more rendering and one file of the code host.
 * Undefined: there is no base branch. Never throws: why there is no comparison is something to tell.
 */
export async function baseDifference(plan: Plan, line: Line): Promise<BaseDifference | undefined> {
  if (plan.kind !== 'write' || plan.facts?.pullRequest === undefined) return undefined;
  const before = made.get(plan);
  if (before !== undefined) return before;
  const { baseBranch: branch, baseSha: commit } = plan.facts.pullRequest;
  try {
    const { difference, ...sides } = compare(await filesBefore(plan, line), plan.rendering.files);
    const result = { branch, commit, difference, diff: textDiff(sides.before, sides.after) };
    made.set(plan, result);
    return result;
  } catch (error) {
    return { branch, commit, failure: error instanceof Error ? error.message : String(error) };
  }
}

function filesBefore({ candidate, facts, rendering, desired }: Written, line: Line) {
  const pullRequest = facts!.pullRequest!;
  const images = imagesAt(pullRequest.baseSha, rendering.record, line.config);
  return baseFiles({ ...candidate, pullRequest, images, state: desired.spec.state }, line);
}
