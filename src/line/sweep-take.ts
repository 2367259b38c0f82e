import { sameId } from '../model/names.js';
import type { Outcome } from '../model/outcome.js';
import type { PullRequest } from '../model/pull-request.js';
import type { Held, Item } from './sweep.js';
import { goingOf, judgeAgain, type Judging } from './sweep-due.js';

/** What a sweep has done so far. */
export interface Progress {
  readonly outcomes: Outcome[];
  readonly failures: { readonly name: string; readonly error: unknown }[];
  readonly foreign: { readonly name: string; readonly why: string }[];
  readonly left: string[];
  untouched: number;
  rendered: number;
}

export interface Taking extends Judging {
  readonly result: Progress;
}

/** One that can’t be done is told, and the rest go on. */
export async function takeOne(item: Item, taking: Taking): Promise<void> {
  const { result, request, ports } = taking;
  if (item.renders && endsNothing(item)) {
    if (ports.inVain?.has(item) === true) return;
    if (result.rendered >= request.max) return void result.left.push(item.name);
  }
  try {
    const due = await dueOf(item, taking);
    if (due === undefined) return;
    const outcomes = await ports.reconcile(due);
    result.outcomes.push(...outcomes.filter((outcome) => outcome.reason !== 'SameTree'));
    result.untouched += outcomes.filter(({ reason }) => reason === 'SameTree').length;
    result.rendered += outcomes.filter(isRendering).length;
    if (due.renders && endsNothing(due) && !outcomes.some(isDone)) ports.inVain?.add(item);
  } catch (error) {
    result.failures.push({ name: item.name, error });
  }
}

const endsNothing = ({ ends = [] }: Item): boolean => ends.length === 0;
const isRendering = ({ outcome }: Outcome): boolean => ['Created', 'Updated', 'Rejected'].includes(outcome);
/** A place that becomes free goes to the next sweep, so that nobody who waits for one waits in vain. */
const isDone = ({ outcome, reason }: Outcome): boolean =>
  ['Created', 'Updated', 'Removed'].includes(outcome) || reason === 'LimitReached';

const heldOf = ({ candidates }: Item, held: readonly Held[]): number =>
  candidates.filter((candidate) => held.some(({ id }) => sameId(id, candidate.id))).length;

/** What is due here and now; a rendering is judged again, with all that a decision needs. A removal needs no charts, and waits for none. */
async function dueOf(item: Item, taking: Taking): Promise<Item | undefined> {
  const { result, ports, held } = taking;
  if (!item.renders || item.ref === undefined) return item;
  const judged = await judgeAgain(item, taking);
  if (judged === undefined) return { ...item, renders: false };
  const { pullRequest, found } = judged;
  if (found.length === 0) {
    result.untouched += heldOf(item, held);
    ports.inVain?.add(item);
    return undefined;
  }
  const going = goingOf(judged);
  const ends = going.filter(({ verdict }) => verdict === 'unfinished').map(({ candidate }) => candidate.id);
  if (going.length === found.length) return { ...item, ends, renders: false };
  const again = { ...item, ends };
  if (await mayRender(again, { pullRequest, isAlone: going.length === 0 }, taking)) return again;
  return going.length === 0
    ? undefined
    : { ...again, candidates: going.map(({ candidate }) => candidate), renders: false };
}

interface Rendered {
  readonly pullRequest: PullRequest;
  /** Nothing of the same pull request goes. */
  readonly isAlone: boolean;
}

async function mayRender(
  item: Item,
  { pullRequest, isAlone }: Rendered,
  { result, request, ports }: Taking,
): Promise<boolean> {
  const inVain = isAlone ? ports.inVain : undefined;
  if (inVain?.has(item) === true) return false;
  if (result.rendered >= request.max) {
    result.left.push(item.name);
    return false;
  }
  const why = await ports.foreignCharts?.(pullRequest);
  if (why === undefined) return true;
  result.foreign.push({ name: item.name, why });
  inVain?.add(item);
  return false;
}
