import type { Clock } from '../../src/model/clock.js';
import type { GitOpsRepository, Queue } from '../../src/gitops/port.js';

interface Pending {
  readonly actor: number;
  readonly go: () => void;
  /** Milliseconds; absent: may go at once. */
  readonly wakesAt?: number;
}

/** Actors whose steps are taken one at a time in an order that `choose` decides, in a time that passes by waiting alone. */
export interface Interleaving {
  /** A repository whose every call is two steps: before its effect, and before its answer. */
  viewOf(repository: GitOpsRepository, actor: number): GitOpsRepository;
  step(actor: number): Promise<void>;
  clockOf(actor: number): Clock;
  /** Takes steps until none is left; an actor that is in `deaths` stops for ever after so many steps. */
  run(deaths: ReadonlyMap<number, number>): Promise<void>;
}

/** `choose`: at least 0, below 1. */
export const interleaving = (choose: () => number): Interleaving => {
  const start = Date.UTC(2026, 10, 23, 10, 4, 5);
  let elapsed = 0;
  let pending: Pending[] = [];
  const pause = (actor: number, wakesAt?: number): Promise<void> =>
    new Promise((go) => pending.push({ actor, go, ...(wakesAt !== undefined && { wakesAt }) }));

  const viewOf = (repository: GitOpsRepository, actor: number): GitOpsRepository => {
    const stepped = async <Result>(effect: () => Promise<Result>): Promise<Result> => {
      await pause(actor);
      const result = effect();
      result.catch(() => undefined);
      await pause(actor);
      return result;
    };
    const { queue } = repository;
    return {
      read: (ids) => stepped(() => repository.read(ids)),
      readAll: () => stepped(() => repository.readAll()),
      manifestsAt: (...args) => stepped(() => repository.manifestsAt(...args)),
      commit: (...args) => repository.commit(...args),
      push: (...args) => stepped(() => repository.push(...args)),
      close: () => repository.close(),
      ...(queue !== undefined && { queue: steppedQueue(queue, stepped) }),
    };
  };

  return {
    viewOf,
    step: pause,
    clockOf: (actor) => ({
      now: () => new Date(start + elapsed),
      wait: (milliseconds) => pause(actor, elapsed + milliseconds),
      random: choose,
    }),
    run: async (deaths) => {
      const taken = new Map<number, number>();
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve));
        const alive = pending.filter(({ actor }) => (taken.get(actor) ?? 0) < (deaths.get(actor) ?? Infinity));
        const ready = alive.filter(({ wakesAt = 0 }) => wakesAt <= elapsed);
        const sleeping = [...alive].sort((a, b) => (a.wakesAt ?? 0) - (b.wakesAt ?? 0));
        const next = ready[Math.floor(choose() * ready.length)] ?? sleeping[0];
        if (next === undefined) return;
        elapsed = Math.max(elapsed, next.wakesAt ?? 0);
        taken.set(next.actor, (taken.get(next.actor) ?? 0) + 1);
        pending = pending.filter((each) => each !== next);
        next.go();
      }
    },
  };
};

type Stepped = <Result>(effect: () => Promise<Result>) => Promise<Result>;

const steppedQueue = (queue: Queue, stepped: Stepped): Queue => ({
  enqueue: (...args) => stepped(() => queue.enqueue(...args)),
  look: () => stepped(() => queue.look()),
  combine: (at) => stepped(() => queue.combine(at)),
  giveUp: () => queue.giveUp(),
});
