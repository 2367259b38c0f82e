/** Time and chance, handed down from the entrance. */
export interface Clock {
  now(): Date;
  /** Resolves after `milliseconds`; rejects with the signal's reason when it aborts. */
  wait(milliseconds: number): Promise<void>;
  /** At least 0, below 1. */
  random(): number;
}
