import type { Config } from './config/config.js';
import { sameRepository } from './decide/candidates.js';
import type { CodeHost } from './forges/port.js';
import type { GitOpsRepository } from './gitops/port.js';
import { type Held, type Item, type PassedOver, worklist } from './line/sweep.js';
import { isRemoval, judge } from './line/sweep-judge.js';
import { breaker, heldIn, refusedRemoval, untouchedOutcome } from './line/sweep-outcomes.js';
import { readPullRequest, type Truth } from './line/truth.js';
import type { Clock } from './model/clock.js';
import { type ApplicationName, sameId } from './model/names.js';
import type { Outcome } from './model/outcome.js';
import type { PullRequest, RepositoryName } from './model/pull-request.js';

/** What a sweep works with. */
export interface Sweep {
  readonly config: Config;
  readonly host: CodeHost;
  readonly repository: Pick<GitOpsRepository, 'readAll'>;
  readonly clock: Clock;
  /** Along the line, which reads everything again: each removal has its own proof. */
  readonly reconcile: (item: Item) => Promise<readonly Outcome[]>;
  /** Why this checkout’s charts are not those of a pull request; undefined: they are. @default they are */
  readonly foreignCharts?: (pullRequest: PullRequest) => Promise<string | undefined>;
  /** Whether it was looked at before, as it is now, in vain: a service needn’t ask again every few minutes. A teardown that goes on never is. */
  readonly inVain?: Vain;
}

/** Remembers by name and everything that a listing tells. */
export interface Vain {
  has(item: Item): boolean;
  add(item: Item): void;
}

export interface SweepRequest {
  /** @default all of the configuration */
  readonly repositories?: readonly RepositoryName[];
  readonly application?: ApplicationName;
  readonly refresh?: boolean;
  /** Environments that are rendered at most, but for those that turn out to be unchanged. */
  readonly max: number;
  /** Removals that are allowed beyond `limits.removals`. */
  readonly allowRemovals?: number;
}

export interface Swept {
  readonly outcomes: readonly Outcome[];
  /** What could not be found out or done; the rest was. */
  readonly failures: readonly { readonly name: string; readonly error: unknown }[];
  readonly passedOver: readonly PassedOver[];
  /** Pull requests that this checkout’s charts aren’t right for. */
  readonly foreign: readonly { readonly name: string; readonly why: string }[];
  /** Pull requests that are left for the next sweep. */
  readonly left: readonly string[];
}

/** Repairs what events missed: pull requests without their environment, environments without theirs, missed pushes and labels. */
export async function sweep(request: SweepRequest, ports: Sweep): Promise<Swept> {
  const { config, clock, repository } = ports;
  const base = await repository.readAll(); // before the lists: what opens meanwhile is then missing, and never closed
  const { open, failures } = await listAll(request.repositories ?? repositoriesOf(config, request.application), ports);
  const { application, refresh } = request;
  const scope = {
    now: clock.now(),
    config,
    ...(application !== undefined && { application }),
    ...(refresh !== undefined && { refresh }),
  };
  const held = heldIn(base);
  const { items, untouched, passedOver } = worklist({ held, open }, scope);
  const result: Progress = { outcomes: [], failures: [...failures], foreign: [], left: [], untouched, rendered: 0 };

  const going = items.flatMap(({ removes }) => removes);
  const tripped = breaker(going, { total: base.names.length, config, allowed: request.allowRemovals ?? 0 });
  if (tripped !== undefined) result.outcomes.push(...going.map((id) => refusedRemoval(id, tripped)));

  for (const item of items) {
    if (tripped !== undefined && item.removes.length > 0) continue; // and a teardown of the same pull request: a service does all of it at once
    await takeOne(item, { result, request, ports, held });
  }
  if (result.untouched > 0) result.outcomes.push(untouchedOutcome(result.untouched));
  const { outcomes, foreign, left } = result;
  return { outcomes, failures: result.failures, foreign, left, passedOver };
}

interface Progress {
  readonly outcomes: Outcome[];
  readonly failures: { readonly name: string; readonly error: unknown }[];
  readonly foreign: { readonly name: string; readonly why: string }[];
  readonly left: string[];
  untouched: number;
  rendered: number;
}

interface Taking {
  readonly result: Progress;
  readonly request: SweepRequest;
  readonly ports: Sweep;
  readonly held: readonly Held[];
}

/** One that can’t be done is told, and the rest go on. */
async function takeOne(item: Item, taking: Taking): Promise<void> {
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
  const { ref, candidates } = item;
  const { result, ports, held } = taking;
  if (!item.renders || ref === undefined) return item;
  const truth = await readPullRequest(ref, candidates, ports);
  const { pullRequest } = truth;
  if (pullRequest === undefined || pullRequest.state === 'closed') return { ...item, renders: false };
  const found = judgedAgain({ ...truth, pullRequest }, candidates, taking);
  if (found.length === 0) {
    result.untouched += heldOf(item, held);
    ports.inVain?.add(item);
    return undefined;
  }
  const going = found.filter(({ verdict }) => isRemoval(verdict));
  const ends = going.filter(({ verdict }) => verdict === 'unfinished').map(({ candidate }) => candidate.id);
  if (going.length === found.length) return { ...item, ends, renders: false };
  const again = { ...item, ends };
  if (await mayRender(again, { pullRequest, isAlone: going.length === 0 }, taking)) return again;
  return going.length === 0
    ? undefined
    : { ...again, candidates: going.map(({ candidate }) => candidate), renders: false };
}

const judgedAgain = (
  { pullRequest, approvals, override }: Truth & { readonly pullRequest: PullRequest },
  candidates: Item['candidates'],
  { ports, request, held }: Taking,
) => {
  const more = { approvals, ...(override !== undefined && { override }) };
  const scope = { now: ports.clock.now(), config: ports.config, refresh: request.refresh === true };
  return candidates.flatMap((candidate) => {
    const own = held.find(({ id }) => sameId(id, candidate.id));
    const verdict = judge({ candidate, pullRequest, more, ...(own !== undefined && { held: own }) }, scope);
    return verdict === 'nothing' ? [] : [{ candidate, verdict }];
  });
};

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

/** As the configuration spells them first: a code host doesn’t tell `Acme/Shop` from `acme/shop`. */
const repositoriesOf = ({ applications }: Config, application?: ApplicationName): readonly RepositoryName[] => {
  const all = [...applications.values()].flatMap(({ repositories }) => repositories.map(({ name }) => name));
  const asked = [...applications.values()]
    .filter(({ name }) => application === undefined || name === application)
    .flatMap(({ repositories }) => repositories.map(({ name }) => name));
  return [...new Set(asked.map((name) => all.find((each) => sameRepository(each, name)) ?? name))];
};

/** A repository that can’t be listed isn’t looked at; the others are. */
async function listAll(repositories: readonly RepositoryName[], { host }: Sweep) {
  const open = new Map<RepositoryName, readonly PullRequest[]>();
  const failures: { readonly name: string; readonly error: unknown }[] = [];
  for (const repository of repositories)
    await host.listOpen(repository).then(
      (pulls) => open.set(repository, pulls),
      (error: unknown) => failures.push({ name: repository, error }),
    );
  return { open, failures };
}
