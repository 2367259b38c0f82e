import type { Clock } from '../model/clock.js';
import type { EnvironmentId } from '../model/names.js';
import { branchGone, contended, inDoubt, saysRaced } from './doubt.js';
import { failuresInARow, jitter, readPatiently } from './patience.js';
import type { Base, Change, Commit, GitOpsRepository } from './port.js';
import { landedOf, leftBehind, pass, takeBack, type Lost } from './queue/pass.js';

/** What is wanted now: `plan` is the caller's own view of it and comes back as it is. */
export interface Wanted<Plan> {
  readonly plan: Plan;
  readonly changes: readonly Change[];
}

/** Asked anew for each attempt: it reads the pull request again, decides, synthesizes and checks. */
export type Ask<Plan> = (base: Base, attempt: number) => Promise<Wanted<Plan>>;

export interface PublishOptions {
  /** Environments whose files each read brings. */
  readonly ids: readonly EnvironmentId[];
  readonly clock: Clock;
  /** How long lost races are tried again; milliseconds. @default 120000 */
  readonly deadlineMs?: number;
  /** `dry-run` stops before the push. @default 'push' */
  readonly mode?: 'push' | 'dry-run';
}

export interface Published<Plan> {
  readonly plan: Plan;
  readonly base: Base;
  /** Without `tip`: the branch holds just this already. */
  readonly commit: Commit;
  readonly attempts: number;
}

const defaultDeadlineMs = 120_000;

/**
 * Brings the branch to what is wanted, by compare-and-swap. After any failed push the tip is read again and decides: ours is there,
 * done; it moved, ask anew and go by the queue where there is one; it stands still three times, the push's own error. Text of git
 * only words that error, and may spare a read: a push that says that it lost a race goes by the queue at once.
 * @throws RefusedError, PolicyError, UserError of the repository; TemporaryError PushContended at the deadline; whatever `ask` throws
 */
export const publish = async <Plan>(
  repository: GitOpsRepository,
  ask: Ask<Plan>,
  options: PublishOptions,
): Promise<Published<Plan>> => {
  const { clock, ids, mode = 'push' } = options;
  const deadline = clock.now().getTime() + (options.deadlineMs ?? defaultDeadlineMs);
  const read = (): Promise<Base> => readPatiently(repository, ids, clock);
  const passing = { clock, deadline, read };
  const lost: Lost<Plan>[] = [];
  let unmoved = 0;
  let hasQueue = repository.queue !== undefined;

  for (let attempt = 1; ; attempt += 1) {
    const before = lost.at(-1);
    const base = before?.seen ?? (await inDoubt(before !== undefined, read));
    if (base.tip === undefined && lost.some((each) => each.base.tip !== undefined)) {
      const left = lost.flatMap((each) => each.left ?? []);
      throw branchGone({ left: !(await takeBack(repository, left)) });
    }
    const landed = landedOf(lost, base);
    if (landed !== undefined) return { ...landed, attempts: attempt };

    const moved = before !== undefined && before.base.tip !== base.tip;
    unmoved = before === undefined || moved || before.queue === 'left' ? 0 : unmoved + 1;
    if (before?.queue === 'stuck' && !moved) repository.queue?.giveUp();
    const wish = await inDoubt(moved, () => build(repository, { ask, base, attempt, clock }));
    const { plan, commit } = wish;
    const declined = before !== undefined && before.queue === undefined && !moved;
    const overtaken = declined ? [] : (base.queued ?? []); // the second time without: a host may refuse to delete refs
    const isDone = commit.tip === undefined && overtaken.length === 0;
    if (isDone || mode === 'dry-run') return { plan, base, commit, attempts: attempt };
    if (before !== undefined && unmoved >= failuresInARow) throw before.error;
    if (before !== undefined && clock.now().getTime() >= deadline) {
      const left = !(await takeBack(repository, leftBehind(lost, base)));
      throw contended({ error: before.error, attempts: attempt - 1, left });
    }

    const raced = before !== undefined && ((moved && before.queue === undefined) || before.queue === 'left');
    const passed = raced ? await pass(repository, { ...wish, base, ...passing }) : undefined;
    if (passed !== undefined) {
      lost.push({ plan, base, commit, error: before?.error, ...passed });
      continue;
    }
    try {
      await repository.push(commit, overtaken);
      return { plan, base, commit, attempts: attempt };
    } catch (error) {
      lost.push({ plan, base, commit, error });
      if (hasQueue && saysRaced(error)) {
        // what it lost to needn't be read: `Replaces` decides whether the entry may land, and the next read whether it did
        const again = { ask, base, attempt: attempt + 1, clock, before: wish };
        const newer = await inDoubt(true, () => build(repository, again));
        const went = await pass(repository, { ...newer, base, ...passing });
        hasQueue = went !== undefined;
        if (went !== undefined) {
          lost.push({ plan: newer.plan, base, commit: newer.commit, error, ...went });
          attempt += 1;
          continue;
        }
      }
    }
    await clock.wait(Math.min(jitter(attempt, clock), Math.max(0, deadline - clock.now().getTime())));
  }
};

interface Built<Plan> extends Wanted<Plan> {
  readonly commit: Commit;
}

interface Building<Plan> {
  readonly ask: Ask<Plan>;
  readonly base: Base;
  readonly attempt: number;
  readonly clock: Clock;
  /** On the same base: what is wanted as before isn't built again. */
  readonly before?: Built<Plan>;
}

const build = async <Plan>(repository: GitOpsRepository, building: Building<Plan>): Promise<Built<Plan>> => {
  const { ask, base, attempt, clock, before } = building;
  const { plan, changes } = await ask(base, attempt);
  if (before !== undefined && textOf(before.changes) === textOf(changes))
    return { plan, changes, commit: before.commit };
  return { plan, changes, commit: await repository.commit(base, changes, clock.now()) };
};

const textOf = (changes: readonly Change[]): string =>
  JSON.stringify(changes.map((change) => ({ ...change, files: [...change.files] })));
