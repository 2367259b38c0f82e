import type { Clock } from '../model/clock.js';

export interface QueueOptions<Hint, Result> {
  /** Does one key's work; what it throws is tried again later. */
  readonly work: (key: string, hint: Hint) => Promise<Result>;
  /** What is left of two hints for one key that both wait. */
  readonly merge: (before: Hint, now: Hint) => Hint;
  readonly clock: Clock;
  /** How many keys are worked on at once. */
  readonly workers: number;
  /** Keys that may wait, those in quarantine included. @default 10000 */
  readonly bound?: number;
  /** Milliseconds before the second try; doubled each time, up to `longestMs`. @default 5000 */
  readonly firstMs?: number;
  /** @default 300000 */
  readonly longestMs?: number;
  /** Tries before a key is dropped. @default 8 */
  readonly tries?: number;
  readonly failed?: (failure: Failure) => void;
}

export interface Failure {
  readonly key: string;
  readonly error: unknown;
  /** From 1. */
  readonly tries: number;
  /** Milliseconds until it is tried again; absent: it isn't. */
  readonly againIn?: number;
}

export type Submitted = 'accepted' | 'full' | 'stopped';

/** Work by key: one at a time for each, the newest hint winning, bounded, and a key that fails waits alone. */
export interface Queue<Hint, Result> {
  submit(key: string, hint: Hint): Submitted;
  /** The same, for who wants to know what came of it: rejects with what the first try throws, or when nothing is taken. */
  ask(key: string, hint: Hint): Promise<Result>;
  readonly waiting: number;
  readonly running: number;
  /** Of those waiting: how many have failed before. */
  readonly quarantined: number;
  /** Starts nothing more and resolves when what runs has ended, or at the deadline; gives how many keys are dropped. */
  stop(deadlineMs: number): Promise<number>;
}

interface Entry<Hint, Result> {
  hint: Hint;
  readonly waiters: Waiter<Result>[];
  tries: number;
  /** Of the last try that failed; milliseconds since 1970. */
  failedAt: number;
  /** Not before then. */
  due: number;
}

interface Waiter<Result> {
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

export const keyedQueue = <Hint, Result>(options: QueueOptions<Hint, Result>): Queue<Hint, Result> => {
  const { work, merge, clock, workers, bound = 10_000, firstMs = 5_000, longestMs = 300_000, tries = 8 } = options;
  const waiting = new Map<string, Entry<Hint, Result>>();
  const running = new Map<string, Promise<void>>();
  let stopped = false;
  const now = (): number => clock.now().getTime();

  const add = (key: string, hint: Hint, waiter?: Waiter<Result>): Submitted => {
    if (stopped) return 'stopped';
    const before = waiting.get(key);
    if (before === undefined && waiting.size >= bound) return 'full';
    const entry = before ?? { hint, waiters: [], tries: 0, failedAt: 0, due: 0 };
    if (before !== undefined) {
      entry.hint = merge(before.hint, hint);
      if (before.tries > 0) delay(key, before, Math.min(before.due, before.failedAt + firstMs)); // it may have been mended
    }
    if (waiter !== undefined) entry.waiters.push(waiter);
    waiting.set(key, entry);
    start();
    return 'accepted';
  };

  /** Due at another time: a wait for the old one finds nothing to do. */
  const delay = (key: string, entry: Entry<Hint, Result>, due: number): void => {
    entry.due = due;
    waiting.set(key, entry);
    const left = due - now();
    if (left > 0) void clock.wait(left).then(start);
  };

  const start = (): void => {
    if (stopped || running.size >= workers) return;
    const at = now();
    for (const [key, entry] of waiting) {
      if (running.size >= workers) return;
      if (entry.due > at || running.has(key)) continue;
      waiting.delete(key);
      const run = runOne(key, entry).then(() => {
        running.delete(key);
        start();
      });
      running.set(key, run);
    }
  };

  const runOne = async (key: string, entry: Entry<Hint, Result>): Promise<void> => {
    const waiters = entry.waiters.splice(0);
    try {
      const result = await work(key, entry.hint);
      waiters.forEach(({ resolve }) => resolve(result));
    } catch (error) {
      waiters.forEach(({ reject }) => reject(error));
      later(key, entry, error);
    }
  };

  const later = (key: string, entry: Entry<Hint, Result>, error: unknown): void => {
    const newer = waiting.get(key);
    const count = entry.tries + 1;
    const again = count < tries && (newer !== undefined || waiting.size < bound);
    const againIn = Math.min(longestMs, firstMs * 2 ** (count - 1));
    options.failed?.({ key, error, tries: count, ...(again && { againIn }) });
    if (stopped || !again) return;
    const hint = newer === undefined ? entry.hint : merge(entry.hint, newer.hint);
    const next = { hint, waiters: newer?.waiters ?? [], tries: count, failedAt: now(), due: 0 };
    delay(key, next, now() + (newer === undefined ? againIn : firstMs));
  };

  return {
    submit: (key, hint) => add(key, hint),
    ask: (key, hint) =>
      new Promise<Result>((resolve, reject) => {
        const submitted = add(key, hint, { resolve, reject });
        if (submitted !== 'accepted') reject(new QueueClosed(submitted));
      }),
    get waiting() {
      return waiting.size;
    },
    get running() {
      return running.size;
    },
    get quarantined() {
      return [...waiting.values()].filter((entry) => entry.tries > 0).length;
    },
    stop: async (deadlineMs) => {
      stopped = true;
      for (const { waiters } of waiting.values()) waiters.forEach(({ reject }) => reject(new QueueClosed('stopped')));
      await Promise.race([Promise.allSettled(running.values()), clock.wait(deadlineMs)]);
      return waiting.size + running.size;
    },
  };
};

/** Nothing more is taken: try again later, or elsewhere. */
export class QueueClosed extends Error {
  override readonly name = 'QueueClosed';

  constructor(readonly why: 'full' | 'stopped') {
    super(why === 'full' ? 'too much is waiting' : 'the service is stopping');
  }
}
