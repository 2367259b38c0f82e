import type { Clock } from '../model/clock.js';
import { isBivouacError } from '../model/errors.js';
import type { FileTree } from '../model/manifest.js';
import type { EnvironmentId } from '../model/names.js';
import { sameId } from '../model/names.js';
import type { CommitSha } from '../model/pull-request.js';
import type { TeardownState } from '../model/teardown.js';
import { changesOf } from '../synth/changes.js';
import { teardownTasks } from '../synth/teardown.js';
import type { Base } from '../gitops/port.js';
import type { Reconciled } from './outcome.js';
import type { PlanFacts, Stored } from './plan.js';

/** What is looked at: the tasks as `Job/<name>`, and the files that Git holds at the commit. */
export interface Observed {
  readonly tasks: readonly string[];
  readonly files: FileTree;
}

/** One look at the teardown tasks of an environment; `commit` holds its manifests. What throws counts as `unknown`. */
export type Observe = (id: EnvironmentId, commit: CommitSha, of: Observed) => Promise<TeardownState>;

interface Looking {
  readonly base: Base;
  readonly observe: Observe | undefined;
}

/** With how far each teardown is, where one is under way and somebody looks. One after the other: looks share the temporary clone. */
export async function withLooks(all: readonly Stored[], looking: Looking): Promise<readonly Stored[]> {
  const seen: Stored[] = [];
  for (const each of all) seen.push('refused' in each ? each : { ...each, ...(await look(each, looking)) });
  return seen;
}

async function look(
  { record, stored }: PlanFacts,
  { base: { tip }, observe }: Looking,
): Promise<Pick<PlanFacts, 'seen'>> {
  if (observe === undefined || stored === undefined || tip === undefined || record?.state !== 'teardown') return {};
  const { id, files } = stored;
  try {
    return { seen: await observe(id, tip, { tasks: teardownTasks(files), files }) };
  } catch {
    return { seen: 'unknown' }; // its deadline ends it
  }
}

/** Milliseconds between two looks: soon at first, since most tasks are short. */
const pauseMs = (times: number): number => Math.min(15_000, 2_500 * times);
/** Looks in a row that saw nothing, after which a later run has to do it. */
const blindLooks = 6;
/** More than the longest deadline takes. */
const mostLooks = 280;

/**
 * Asks the whole line anew until no teardown is under way: each look reads the pull request again, so one that is reopened meanwhile
 * comes back at once. Gives up, leaving the rest to a later run, where nothing can be seen several times in a row.
 */
export async function untilTornDown(
  once: () => Promise<readonly Reconciled[]>,
  clock: Clock,
): Promise<readonly Reconciled[]> {
  let results = await once();
  let blind: readonly string[] = [];
  for (let times = 1; times <= mostLooks && results.some(isUnderWay); times += 1) {
    await clock.wait(pauseMs(times));
    const next = await lookAgain(once);
    const problem = 'failed' in next ? next.failed : next.results.some(seesNothing) ? unseen : undefined;
    blind = problem === undefined ? [] : [...blind, problem];
    if (blind.length === blindLooks) return results.map((each) => (isUnderWay(each) ? warned(each, problem) : each));
    if ('results' in next) results = results.map((each) => merged(each, next.results));
  }
  return results;
}

const unseen = 'the cluster doesn’t show its tasks';

/** Git holds what the first look decided: what fails afterwards takes nothing of it back. */
const lookAgain = async (
  once: () => Promise<readonly Reconciled[]>,
): Promise<{ readonly results: readonly Reconciled[] } | { readonly failed: string }> => {
  try {
    return { results: await once() };
  } catch (error) {
    if (!isBivouacError(error)) throw error;
    return { failed: error.message };
  }
};

const isUnderWay = ({ outcome }: Reconciled): boolean => outcome.reason === 'TearingDown';
const seesNothing = ({ plan }: Reconciled): boolean => plan.kind === 'leave' && plan.seen === 'unknown';

const warned = ({ plan, outcome }: Reconciled, problem = unseen): Reconciled => ({
  plan,
  outcome: {
    ...outcome,
    warnings: [
      ...(outcome.warnings ?? []),
      `its teardown could not be watched to the end, a later event or sweep removes it: ${problem}`,
    ],
  },
});

/** The run's own word on an environment: what it did last, of what there was before it began. */
const merged = (before: Reconciled, all: readonly Reconciled[]): Reconciled => {
  const after = all.find(({ plan }) => sameId(plan.candidate.id, before.plan.candidate.id));
  if (after === undefined) return before;
  const { outcome, plan } = after;
  if (outcome.reason === 'TearingDown') return before.outcome.reason === 'TearingDown' ? before : after;
  if (!isUnderWay(before)) return outcome.outcome === 'Unchanged' || outcome.outcome === 'Ignored' ? before : after;
  const { stored } = before.plan;
  if (outcome.outcome !== 'Removed' || stored === undefined) return after;
  return { plan: { ...plan, stored }, outcome: { ...outcome, changes: changesOf(stored.files, undefined) } };
};
