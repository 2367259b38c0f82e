import { isBivouacError } from '../../model/errors.js';
import type { Clock } from '../../model/clock.js';
import type { Entry, Queue } from '../port.js';
import { isTurn, waitingOf, watchFrom, watchOn } from './turn.js';

export interface SettleOptions {
  readonly clock: Clock;
  /** Milliseconds, as the clock counts. */
  readonly deadline: number;
  /** Between two looks; milliseconds. Longer than it takes to carry everything over, or the waiting collide. */
  readonly stepMs: number;
}

const failuresInARow = 3;

/**
 * Waits until all of mine have left the queue, and carries it over when it is my turn. `left` says nothing about where to: the branch
 * does. `stuck`: what I carry never lands, or the deadline has come.
 * @throws whatever `look` throws thrice in a row
 */
export const settle = async (
  queue: Queue,
  mine: readonly Entry[],
  options: SettleOptions,
): Promise<'left' | 'stuck'> => {
  const { clock, deadline } = options;
  const now = (): number => clock.now().getTime();
  let watch = watchFrom;
  let failures = 0;

  for (let first = true; ; first = false) {
    await clock.wait(Math.min(pause(options, first), Math.max(1, deadline - now())));
    const entries = await lookPatiently(queue, options);
    if (waitingOf(entries, mine).length === 0) return 'left';
    if (now() >= deadline || failures === failuresInARow) return 'stuck';
    watch = watchOn(watch, entries);
    if (!isTurn(entries, mine, watch)) continue;
    try {
      await queue.combine(clock.now());
      return 'left';
    } catch {
      failures += 1; // lost to another, whose success the next look shows
      watch = watchFrom;
    }
  }
};

/** Spread, so that those who came together don't look together; the first look comes soon, for whoever is alone. */
const pause = ({ clock, stepMs }: SettleOptions, first: boolean): number =>
  Math.ceil(stepMs * (first ? 0.1 + 0.9 * clock.random() : 0.75 + 0.5 * clock.random()));

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
