import type { Clock } from '../../model/clock.js';
import { printId, sameId } from '../../model/names.js';
import type { Base, Change, Commit, CommittedChange, Entry, GitOpsRepository, Queue } from '../port.js';
import { settle } from './settle.js';
import { waitingOf } from './turn.js';

/** An attempt whose push failed, or which went by the queue. */
export interface Lost<Plan> extends Partial<PassedBy> {
  readonly plan: Plan;
  readonly base: Base;
  readonly commit: Commit;
  readonly error: unknown;
}

/** `left`: no longer in the queue; `stuck`: carrying it over failed thrice, or the deadline came; `failed`: the queue threw. */
export type Passed = 'left' | 'stuck' | 'failed';

export interface Passing {
  readonly base: Base;
  readonly commit: Commit;
  readonly changes: readonly Change[];
  readonly clock: Clock;
  /** Milliseconds, as the clock counts. */
  readonly deadline: number;
  /** The branch, anew. */
  readonly read: () => Promise<Base>;
}

export interface PassedBy {
  readonly queue: Passed;
  readonly error?: unknown;
  /** What it left in the queue. */
  readonly left?: readonly Entry[];
  /** The branch as it was read after the changes had left the queue, if it was. */
  readonly seen?: Base;
}

/**
 * Leaves the commit's changes in the queue and waits until they have left it. Undefined: there is no queue, or nothing for it.
 * What the queue throws is this attempt's error: the branch says what became of it.
 */
export const pass = async ({ queue }: GitOpsRepository, passing: Passing): Promise<PassedBy | undefined> => {
  if (queue === undefined || passing.commit.tip === undefined) return undefined;
  try {
    return await enqueueAndSettle(queue, passing);
  } catch (error) {
    return { queue: 'failed', error };
  }
};

/** Below the first the waiting would look too often, above the last a dead one would hold them up. Milliseconds. */
const step = { least: 600, most: 5_000 } as const;
/** Carrying over is a fetch, a build and a push; leaving an entry is a small push. */
const combinesPerPush = 2;

/** An entry that says the same already is waited for and not replaced. */
const enqueueAndSettle = async (queue: Queue, passing: Passing): Promise<PassedBy | undefined> => {
  const { base, commit, changes, clock, deadline, read } = passing;
  const real = realOf(commit);
  const joined = real.flatMap((each) => twinsOf(each, base));
  const rest = real.filter((each) => twinsOf(each, base).length === 0);

  const at = clock.now();
  const own = rest.length === 0 ? [] : await queue.enqueue(base, { ...commit, changes: rest }, { changes, at });
  if (own === undefined) return undefined;
  const tookMs = clock.now().getTime() - at.getTime();
  const stepMs = Math.min(step.most, Math.max(step.least, combinesPerPush * tookMs));
  const waiting = settle(queue, [...joined, ...own], { clock, deadline, stepMs, read, place: placeOf(real, base) });
  return waiting.then(
    (settled) => ({ ...settled, left: own }),
    (error: unknown) => ({ queue: 'failed', error, left: own }),
  );
};

/** Guessed from the environments that there are: those who contend are among them, or beside them. */
const placeOf = (real: readonly CommittedChange[], { names }: Base): number => {
  const [first = ''] = real.map(({ id }) => printId(id)).sort();
  return names.length === 0 ? 0 : names.filter((id) => printId(id) < first).length / names.length;
};

const realOf = (commit: Commit): readonly CommittedChange[] =>
  commit.changes.filter((each) => each.commit !== undefined);

const twinsOf = ({ id, after }: CommittedChange, { queued = [] }: Base): readonly Entry[] =>
  queued.filter((entry) => sameId(entry.id, id) && entry.tree === after);

/** The attempt whose changes the branch holds: its own push landed and the answer was lost, or the queue carried it over. */
export const landedOf = <Plan>(
  lost: readonly Lost<Plan>[],
  base: Base,
): Pick<Lost<Plan>, 'plan' | 'base' | 'commit'> | undefined => {
  const pushed = lost.find(({ commit, queue }) => queue === undefined && commit.tip === base.tip);
  if (pushed !== undefined) return pick(pushed, pushed.commit);
  const last = lost.at(-1);
  const commit = last?.queue === undefined ? undefined : carriedOver(last.commit, base);
  return last && commit && pick(last, commit);
};

const pick = <Plan>({ plan, base }: Lost<Plan>, commit: Commit) => ({ plan, base, commit });

/**
 * Every directory is as the commit made it. Where only Flux's file changed the trees can't tell, and all is asked anew. Whoever
 * carried it over made the commit, so the tip, which holds it, is named.
 */
const carriedOver = (commit: Commit, { tip, environments }: Base): Commit | undefined => {
  const real = realOf(commit);
  const holds = ({ id, before, after }: CommittedChange): boolean =>
    before !== after && environments.get(printId(id))?.tree === after;
  if (tip === undefined || !real.every(holds)) return undefined;
  return {
    ...commit,
    tip,
    changes: commit.changes.map((each) => (real.includes(each) ? { ...each, commit: tip } : each)),
  };
};

/** What earlier attempts left in the queue and nobody carried over. */
export const leftBehind = (lost: readonly Lost<unknown>[], base: Base): readonly Entry[] => {
  const left = lost.filter(({ queue }) => queue !== undefined).flatMap(({ commit }) => realOf(commit));
  return (base.queued ?? []).filter((entry) =>
    left.some(({ id, after }) => sameId(id, entry.id) && after === entry.tree),
  );
};

/** Whether they are out of the queue. */
export const takeBack = async (repository: GitOpsRepository, entries: readonly Entry[]): Promise<boolean> => {
  if (entries.length === 0) return true;
  return repository.push({ changes: [] }, entries).then(
    () => true,
    () => areOut(repository, entries),
  );
};

const areOut = async ({ queue }: GitOpsRepository, entries: readonly Entry[]): Promise<boolean> => {
  const waiting = await queue?.look().catch(() => undefined);
  return waiting !== undefined && waitingOf(waiting, entries).length === 0;
};
