import { isBivouacError } from '../../model/errors.js';
import type { Clock } from '../../model/clock.js';
import type { Base, Entry, Queue } from '../port.js';
import { isTurn, waitingOf, watchFrom, watchOn } from './turn.js';

export interface SettleOptions {
  readonly clock: Clock;
  /** Milliseconds, as the clock counts. */
  readonly deadline: number;
  /** Between two looks; milliseconds. Longer than it takes to carry everything over, or the waiting collide. */
  readonly stepMs: number;
  /** Where mine stand in everybody's order, as far as one can guess: 0 first, 1 last. */
  readonly place: number;
  /** The branch, and which of mine wait. */
  readonly read: () => Promise<Base>;
}

/** `left` says nothing about where to: the branch does, as it was read afterwards, if it was. */
export interface Settled {
  readonly queue: 'left' | 'stuck';
  readonly seen?: Base;
}

const failuresInARow = 3;

/**
 * Waits until all of mine have left the queue, and carries it over when it is my turn. `stuck`: what I carry never lands, or the
 * deadline has come. After the first look mine have mostly left by the next: so that one reads the branch, which says both.
 * @throws whatever `look` or `read` throws, at last
 */
export const settle = async (queue: Queue, mine: readonly Entry[], options: SettleOptions): Promise<Settled> => {
  const { clock, deadline, read } = options;
  const now = (): number => clock.now().getTime();
  let watch = watchFrom;
  let failures = 0;

  for (let first = true; ; first = false) {
    await clock.wait(Math.min(pause(options, first), Math.max(1, deadline - now())));
    const seen = first ? undefined : await read();
    if (seen !== undefined && waitingOf(seen.queued ?? [], mine).length === 0) return { queue: 'left', seen };
    const entries = await lookPatiently(queue, options);
    if (waitingOf(entries, mine).length === 0) return { queue: 'left' };
    if (now() >= deadline || failures === failuresInARow) return { queue: 'stuck' };
    watch = watchOn(watch, entries);
    if (!isTurn(entries, mine, watch)) continue;
    try {
      await queue.combine(clock.now());
      return { queue: 'left' };
    } catch {
      failures += 1; // lost to another, whose success the next look shows
      watch = watchFrom;
    }
  }
};

/** Spread by place, so that the first carries over what the others then find done; by chance as well, for places may be alike. */
const pause = ({ clock, stepMs, place }: SettleOptions, first: boolean): number =>
  Math.ceil(stepMs * (first ? 0.2 + 0.6 * place + 0.2 * clock.random() : 0.75 + 0.5 * clock.random()));

const lookPatiently = async (queue: Queue, { clock, stepMs }: SettleOptions): Promise<readonly Entry[]> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await queue.look();
    } catch (error) {
      if (attempt === failuresInARow || !isBivouacError(error) || error.class !== 'TemporaryError') throw error;
    }
    await clock.wait(Math.ceil(stepMs * (0.5 + 0.5 * clock.random())));
  }
};
