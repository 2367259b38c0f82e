import type { Clock } from '../model/clock.js';
import { keyedQueue } from './queue.js';

/** One look after another, until it is known how a deployment ended. Once the signal is aborted its clock’s waits throw, and it may tell nothing more. */
export type Watching = (clock: Clock, signal: AbortSignal) => Promise<void>;

export interface WatchesOptions {
  readonly clock: Clock;
  /** Watched at once: each asks the controller every few seconds. @default 100 */
  readonly most?: number;
  /** How many may wait for that: each holds what it is to tell. @default 200 */
  readonly bound?: number;
  /** Told of what a watch threw. */
  readonly failed: (key: string, error: unknown) => void;
}

/** What goes on after reconciles: at most one for each key. */
export interface Watches {
  /** Whether one more may be started. */
  readonly hasRoom: boolean;
  start(key: string, watching: Watching): void;
  /** Calls off what there is, and resolves when it tells nothing more. */
  end(key: string): Promise<void>;
  readonly running: number;
  /** Calls off all of it. */
  stop(): void;
}

export const keepWatches = ({ clock, most = 100, bound = 200, failed }: WatchesOptions): Watches => {
  const running = new Map<string, Promise<void>>();
  const wanted = new Map<string, AbortController>();
  const queue = keyedQueue<Watch, void>({
    work: async (key, { watching, over }) => {
      let ended = (): void => undefined;
      running.set(key, new Promise((resolve) => (ended = resolve)));
      try {
        if (!over.signal.aborted) await watching(untilOver(clock, over.signal), over.signal);
      } catch (error) {
        if (!over.signal.aborted) failed(key, error);
      } finally {
        if (wanted.get(key) === over) wanted.delete(key);
        running.delete(key);
        ended();
      }
    },
    merge: (_before, now) => now,
    clock,
    workers: most,
    bound,
  });
  const callOff = (key: string): void => wanted.get(key)?.abort(new Error('a newer reconcile has the word'));
  return {
    get hasRoom() {
      return queue.running < most || queue.waiting < bound;
    },
    start: (key, watching) => {
      callOff(key);
      const over = new AbortController();
      if (queue.submit(key, { watching, over }) === 'accepted') wanted.set(key, over);
    },
    end: (key) => {
      callOff(key);
      return running.get(key) ?? Promise.resolve();
    },
    get running() {
      return queue.running;
    },
    stop: () => {
      for (const key of wanted.keys()) callOff(key);
      void queue.stop(0);
    },
  };
};

interface Watch {
  readonly watching: Watching;
  readonly over: AbortController;
}

const untilOver = (clock: Clock, signal: AbortSignal): Clock => {
  const cut = new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
  );
  cut.catch(() => undefined);
  return {
    now: () => clock.now(),
    random: () => clock.random(),
    wait: (milliseconds) => Promise.race([clock.wait(milliseconds), cut]),
  };
};
