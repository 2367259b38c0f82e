import { isBivouacError } from '../model/errors.js';
import type { Clock } from '../model/clock.js';
import type { EnvironmentId } from '../model/names.js';
import { branchGone, contended, inDoubt } from './doubt.js';
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
const failuresInARow = 3;

/**
 * Brings the branch to what is wanted, by compare-and-swap. After any failed push the tip is read again and decides: ours is there,
 * done; it moved, ask anew and go by the queue where there is one; it stands still three times, the push's own error. Text of git
 * only words that error.
 * @throws RefusedError, PolicyError, UserError of the repository; TemporaryError PushContended at the deadline; whatever `ask` throws
 */
export const publish = async <Plan>(
  repository: GitOpsRepository,
  ask: Ask<Plan>,
  options: PublishOptions,
): Promise<Published<Plan>> => {
  const { clock, ids, mode = 'push' } = options;
  const deadline = clock.now().getTime() + (options.deadlineMs ?? defaultDeadlineMs);
  const lost: Lost<Plan>[] = [];
  let unmoved = 0;

  for (let attempt = 1; ; attempt += 1) {
    const base = await inDoubt(lost.length > 0, () => readPatiently(repository, ids, clock));
    if (base.tip === undefined && lost.some((each) => each.base.tip !== undefined)) throw branchGone();
    const landed = landedOf(lost, base);
    if (landed !== undefined) return { ...landed, attempts: attempt };

    const before = lost.at(-1);
    const moved = before !== undefined && before.base.tip !== base.tip;
    unmoved = before === undefined || moved || before.queue === 'left' ? 0 : unmoved + 1;
    if (before?.queue === 'stuck' && !moved) repository.queue?.giveUp();
    const { plan, changes, commit } = await inDoubt(moved, () => build(repository, { ask, base, attempt, clock }));
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
    const passed = raced ? await pass(repository, { base, commit, changes, clock, deadline }) : undefined;
    if (passed !== undefined) {
      lost.push({ plan, base, commit, error: before?.error, ...passed });
      continue;
    }
    try {
      await repository.push(commit, overtaken);
      return { plan, base, commit, attempts: attempt };
    } catch (error) {
      lost.push({ plan, base, commit, error });
    }
    await clock.wait(Math.min(jitter(attempt, clock), Math.max(0, deadline - clock.now().getTime())));
  }
};

interface Building<Plan> {
  readonly ask: Ask<Plan>;
  readonly base: Base;
  readonly attempt: number;
  readonly clock: Clock;
}

const build = async <Plan>(repository: GitOpsRepository, { ask, base, attempt, clock }: Building<Plan>) => {
  const { plan, changes } = await ask(base, attempt);
  return { plan, changes, commit: await repository.commit(base, changes, clock.now()) };
};

/** Only what may heal is read again; a refusal at a read is final, since nothing was written by it. */
const readPatiently = async (repository: GitOpsRepository, ids: readonly EnvironmentId[], clock: Clock) => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await repository.read(ids);
    } catch (error) {
      if (attempt === failuresInARow || !isBivouacError(error) || error.class !== 'TemporaryError') throw error;
    }
    await clock.wait(jitter(attempt, clock));
  }
};

/** Full jitter below a bound that doubles from 100 ms to 3 s (git-publish.md 5.2); at least a tenth of it, so that a clock always moves. */
const jitter = (attempt: number, clock: Clock): number => {
  const bound = Math.min(3_000, 100 * 2 ** Math.min(attempt - 1, 5));
  return Math.ceil(bound * (0.1 + 0.9 * clock.random()));
};
