import type { Config } from './config/config.js';
import { sameRepository } from './decide/candidates.js';
import { type Item, worklist } from './line/sweep.js';
import { ascertained, type Judging } from './line/sweep-due.js';
import { breaker, heldIn, refusedRemoval, untouchedOutcome } from './line/sweep-outcomes.js';
import type { Sweep, SweepRequest, Swept } from './line/sweep-ports.js';
import { type Progress, takeOne } from './line/sweep-take.js';
import type { ApplicationName, EnvironmentId } from './model/names.js';
import type { PullRequest, RepositoryName } from './model/pull-request.js';

export type { Sweep, SweepRequest, Swept, Vain } from './line/sweep-ports.js';

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
  const { items: listed, untouched, passedOver } = worklist({ held, open }, scope);
  const result: Progress = { outcomes: [], failures: [...failures], foreign: [], left: [], untouched, rendered: 0 };

  const taking = { result, request, ports, held };
  const allowance = { total: base.names.length, config, allowed: request.allowRemovals ?? 0 };
  const counted = breaker(removedBy(listed), allowance) === undefined ? listed : await certain(listed, taking);
  const going = removedBy(counted);
  const tripped = breaker(going, allowance);
  if (tripped !== undefined) result.outcomes.push(...going.map((id) => refusedRemoval(id, tripped)));

  for (const item of counted) {
    if (tripped !== undefined && item.removes.length > 0) continue; // and a teardown of the same pull request: a service does all of it at once
    await takeOne(item, taking);
  }
  if (result.untouched > 0) result.outcomes.push(untouchedOutcome(result.untouched));
  const { outcomes, foreign, left } = result;
  return { outcomes, failures: result.failures, foreign, left, passedOver };
}

const removedBy = (items: readonly Item[]): readonly EnvironmentId[] => items.flatMap(({ removes }) => removes);

/** Asks only when it matters: one after the other, as everything that a sweep asks of a code host. */
async function certain(items: readonly Item[], judging: Judging): Promise<readonly Item[]> {
  const known: Item[] = [];
  for (const item of items) known.push(await ascertained(item, judging));
  return known;
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
