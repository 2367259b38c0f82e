import { createHmac } from 'node:crypto';
import type { Clock } from '../../src/model/clock.js';

export const sign = (body: string | Buffer, secret: string): string =>
  createHmac('sha256', secret).update(body).digest('hex');

/** Time that passes when it is told to; waits that are over then end, in their order. */
export interface ManualClock extends Clock {
  pass(milliseconds: number): Promise<void>;
}

export const manualClock = (): ManualClock => {
  let elapsed = 0;
  let sleeping: { readonly due: number; readonly wake: () => void }[] = [];
  return {
    now: () => new Date(Date.UTC(2026, 10, 25, 10) + elapsed),
    random: () => 0.5,
    wait: (milliseconds) => new Promise((wake) => sleeping.push({ due: elapsed + milliseconds, wake })),
    pass: async (milliseconds) => {
      elapsed += milliseconds;
      const due = sleeping.filter((each) => each.due <= elapsed);
      sleeping = sleeping.filter((each) => each.due > elapsed);
      due.forEach(({ wake }) => wake());
      await settle();
    },
  };
};

/** Until everything that can happen by itself has happened. */
export const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};
