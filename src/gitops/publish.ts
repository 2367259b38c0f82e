import { BivouacError, isBivouacError, temporaryError } from '../model/errors.js';
import type { Clock } from '../model/clock.js';
import type { EnvironmentId } from '../model/names.js';
import type { Base, Change, Commit, GitOpsRepository } from './port.js';

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
const unknown = 'unknown: the push may have landed; run again';

/**
 * Brings the branch to what is wanted, by compare-and-swap. After any failed push the tip is read again and decides: ours is there,
 * done; it moved, ask anew; it stands still three times, the push's own error. Text of git only words that error.
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
    const landed = lost.find(({ commit }) => commit.tip === base.tip);
    if (landed !== undefined) return { ...landed, attempts: attempt };

    const before = lost.at(-1);
    const moved = before !== undefined && before.base.tip !== base.tip;
    unmoved = before === undefined || moved ? 0 : unmoved + 1;
    const { plan, commit } = await inDoubt(moved, () => build(repository, { ask, base, attempt, clock }));
    if (commit.tip === undefined || mode === 'dry-run') return { plan, base, commit, attempts: attempt };
    if (before !== undefined && unmoved >= failuresInARow) throw before.error;
    if (before !== undefined && clock.now().getTime() >= deadline) throw contended(before, attempt);

    try {
      await repository.push(commit);
      return { plan, base, commit, attempts: attempt };
    } catch (error) {
      lost.push({ plan, base, commit, error });
    }
    await clock.wait(Math.min(jitter(attempt, clock), Math.max(0, deadline - clock.now().getTime())));
  }
};

interface Lost<Plan> {
  readonly plan: Plan;
  readonly base: Base;
  readonly commit: Commit;
  readonly error: unknown;
}

interface Building<Plan> {
  readonly ask: Ask<Plan>;
  readonly base: Base;
  readonly attempt: number;
  readonly clock: Clock;
}

const build = async <Plan>(repository: GitOpsRepository, { ask, base, attempt, clock }: Building<Plan>) => {
  const { plan, changes } = await ask(base, attempt);
  return { plan, commit: await repository.commit(base, changes, clock.now()) };
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

/** Errors after a push that failed, and before its fate is known, say so. */
const inDoubt = async <Result>(doubt: boolean, run: () => Promise<Result>): Promise<Result> => {
  try {
    return await run();
  } catch (error) {
    if (!doubt || !isBivouacError(error)) throw error;
    throw again(error, { changed: unknown });
  }
};

const contended = (last: Lost<unknown>, attempts: number): BivouacError => {
  const { message } = last.error instanceof Error ? last.error : { message: String(last.error) };
  return temporaryError('PushContended', `${attempts - 1} pushes were lost until the deadline; the last: ${message}`, {
    ...(isBivouacError(last.error) && last.error.where !== undefined && { where: last.error.where }),
    changed: 'nothing',
    remedy: 'Run it again. When it happens often, let one service publish, or fewer jobs at a time.',
    data: { attempts: attempts - 1 },
    cause: last.error,
  });
};

const again = (error: BivouacError, { changed }: { readonly changed: string }): BivouacError =>
  new BivouacError({
    code: error.code,
    class: error.class,
    message: error.message,
    ...(error.where !== undefined && { where: error.where }),
    ...(error.remedy !== undefined && { remedy: error.remedy }),
    changed,
    data: error.data,
    cause: error.cause ?? error,
  });
