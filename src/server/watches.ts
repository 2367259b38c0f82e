import type { Clock } from '../model/clock.js';
import { keyedQueue } from './queue.js';

/** One look after another, until there is something to be told. Once it is called off its clock’s waits throw, and nothing is told. */
export type Watching = (clock: Clock) => Promise<Telling>;
export type Telling = () => Promise<void>;

export interface WatchesOptions {
  readonly clock: Clock;
  /** Watched at once: each asks the controller every few seconds. @default 100 */
  readonly most?: number;
  /** Told of what a watch threw. */
  readonly failed: (key: string, error: unknown) => void;
}

/** What goes on after reconciles: at most one for each key. */
export interface Watches {
  /** Whether one more would begin at once. */
  readonly hasRoom: boolean;
  start(key: string, watching: Watching): void;
  /** Calls off what there is. Whoever looks is left to itself; whoever is telling is waited for. */
  end(key: string): Promise<void>;
  readonly running: number;
  /** Calls off all of it. */
  stop(): void;
}

export const keepWatches = ({ clock, most = 100, failed }: WatchesOptions): Watches => {
  const tellings = new Map<string, Promise<unknown>>();
  const wanted = new Map<string, AbortController>();
  const queue = keyedQueue<Watch, void>({
    work: async (key, { watching, over }) => {
      const { signal } = over;
      try {
        const tell = signal.aborted ? undefined : await watching(untilOver(clock, signal));
        if (tell === undefined || signal.aborted) return;
        const telling = tell();
        tellings.set(
          key,
          telling.catch(() => undefined),
        );
        await telling;
      } catch (error) {
        if (!signal.aborted) failed(key, error);
      } finally {
        if (wanted.get(key) === over) wanted.delete(key);
        tellings.delete(key);
      }
    },
    merge: (_before, now) => now,
    clock,
    workers: most,
  });
  const callOff = (key: string): void => wanted.get(key)?.abort(new Error('a newer reconcile has the word'));
  return {
    get hasRoom() {
      return queue.running + queue.waiting < most;
    },
    start: (key, watching) => {
      callOff(key);
      const over = new AbortController();
      if (queue.submit(key, { watching, over }) === 'accepted') wanted.set(key, over);
    },
    end: async (key) => {
      callOff(key);
      await tellings.get(key);
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
