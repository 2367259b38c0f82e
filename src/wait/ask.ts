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

/** The first answer, and what is left of the time: what is temporary is asked again until it is over. @throws whatever else, and that in the end */
export const askPatiently = async <Value>(
  question: () => Promise<Value>,
  { clock, timeoutMs, tell }: Omit<WaitOptions, 'held'>,
): Promise<{ readonly value: Value; readonly left: number }> => {
  const end = clock.now().getTime() + timeoutMs;
  let left = timeoutMs;
  for (let tries = 1; left > 0; tries += 1) {
    const answer = await ask(question);
    if ('value' in answer) return { value: answer.value, left };
    if (tries === 1) tell(`Git can’t be read for the moment: ${answer.trouble}`);
    await clock.wait(pauseAfter(tries, left));
    left = end - clock.now().getTime();
  }
  return { value: await question(), left: 0 };
};

/** How often Git is asked while nothing ends; milliseconds. */
export const glance = 30_000;
