import type { Config } from './config/config.js';
import type { CodeHost } from './forges/port.js';
import type { GitOpsRepository } from './gitops/port.js';
import { type Held, type Item, type PassedOver, worklist } from './line/sweep.js';
import { judge } from './line/sweep-judge.js';
import { breaker, heldIn, refusedRemoval, untouchedOutcome } from './line/sweep-outcomes.js';
import { readPullRequest, type Truth } from './line/truth.js';
import type { Clock } from './model/clock.js';
import { type ApplicationName, printId, sameId } from './model/names.js';
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
  /** Whether it was looked at before, as it is now, in vain: a service needn’t ask again every few minutes. */
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

  const removing = items.filter(({ removes }) => removes.length > 0);
  const there = new Set(base.names.map(printId));
  const going = removing.flatMap(({ removes }) => removes.filter((id) => there.has(printId(id))));
  const tripped = breaker(going, { total: base.names.length, config, allowed: request.allowRemovals ?? 0 });
  if (tripped !== undefined) result.outcomes.push(...going.map((id) => refusedRemoval(id, tripped)));

  for (const item of items) {
    if (tripped !== undefined && item.removes.length > 0) continue;
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
  if (item.renders && ports.inVain?.has(item) === true) return;
  if (item.renders && result.rendered >= request.max) return void result.left.push(item.name);
  try {
    if (item.renders && !(await isDue(item, taking))) {
      result.untouched += heldOf(item, taking.held);
      return ports.inVain?.add(item);
    }
    const outcomes = await ports.reconcile(item);
    result.outcomes.push(...outcomes.filter((outcome) => outcome.reason !== 'SameTree'));
    result.untouched += outcomes.filter(({ reason }) => reason === 'SameTree').length;
    result.rendered += outcomes.filter(isRendering).length;
    if (item.renders && !outcomes.some(isDone)) ports.inVain?.add(item);
  } catch (error) {
    result.failures.push({ name: item.name, error });
  }
}

const isRendering = ({ outcome }: Outcome): boolean => ['Created', 'Updated', 'Rejected'].includes(outcome);
/** A place that becomes free goes to the next sweep, so that nobody who waits for one waits in vain. */
const isDone = ({ outcome, reason }: Outcome): boolean =>
  ['Created', 'Updated', 'Removed'].includes(outcome) || reason === 'LimitReached';

const heldOf = ({ candidates }: Item, held: readonly Held[]): number =>
  candidates.filter((candidate) => held.some(({ id }) => sameId(id, candidate.id))).length;

/** Judged again, with all that a decision needs. */
async function isDue({ name, ref, candidates }: Item, { result, request, ports, held }: Taking): Promise<boolean> {
  if (ref === undefined) return true;
  const truth = await readPullRequest(ref, candidates, ports);
  if (!isWanted(truth, candidates, { ports, request, held })) return false;
  const why = truth.pullRequest && (await ports.foreignCharts?.(truth.pullRequest));
  if (why !== undefined) result.foreign.push({ name, why });
  return why === undefined;
}

function isWanted(
  { pullRequest, approvals, override }: Truth,
  candidates: Item['candidates'],
  { ports, request, held }: Pick<Taking, 'ports' | 'request' | 'held'>,
): boolean {
  if (pullRequest === undefined || pullRequest.state === 'closed') return true;
  const more = { approvals, ...(override !== undefined && { override }) };
  const scope = { now: ports.clock.now(), config: ports.config, refresh: request.refresh === true };
  return candidates.some((candidate) => {
    const own = held.find(({ id }) => sameId(id, candidate.id));
    return judge({ candidate, pullRequest, more, ...(own !== undefined && { held: own }) }, scope) !== 'nothing';
  });
}

const repositoriesOf = ({ applications }: Config, application?: ApplicationName): readonly RepositoryName[] => [
  ...new Set(
    [...applications.values()]
      .filter(({ name }) => application === undefined || name === application)
      .flatMap(({ repositories }) => repositories.map(({ name }) => name)),
  ),
];

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
