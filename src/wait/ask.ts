import type { Clock } from '../model/clock.js';
import { isBivouacError } from '../model/errors.js';

/** What Git holds now, against what is waited for. */
export type Held = 'same' | 'other' | 'gone';

export interface WaitOptions {
  readonly clock: Clock;
  /** Milliseconds. */
  readonly timeoutMs: number;
  /** What Git holds of the environment now. @throws TemporaryError, RefusedError */
  readonly held: () => Promise<Held>;
  /** One line for people, when something has changed. */
  readonly tell: (message: string) => void;
}

/** An answer, or why there is none this time. */
export type Answer<Value> = { readonly value: Value } | { readonly trouble: string };

/** What is temporary is survived; whatever else is thrown ends the waiting. */
export const ask = async <Value>(question: () => Promise<Value>): Promise<Answer<Value>> => {
  try {
    return { value: await question() };
  } catch (error) {
    if (!isBivouacError(error) || error.class !== 'TemporaryError') throw error;
    return { trouble: error.message };
  }
};

const shortest = 2_000;
const longest = 5_000;
const growth = 1.25;

/** Milliseconds until the next reading: 2 s, growing to 5 s, and never past the end. */
export const pauseAfter = (readings: number, left: number): number =>
  Math.max(0, Math.round(Math.min(longest, shortest * growth ** Math.min(readings - 1, 10), left)));

/** How often Git is asked while nothing ends; milliseconds. */
export const glance = 30_000;
