import { isBivouacError } from '../model/errors.js';
import type { Clock } from '../model/clock.js';
import type { EnvironmentId } from '../model/names.js';
import type { Base, GitOpsRepository } from './port.js';

export const failuresInARow = 3;

/** Only what may heal is read again; a refusal at a read is final, since nothing was written by it. */
export const readPatiently = async (
  repository: GitOpsRepository,
  ids: readonly EnvironmentId[],
  clock: Clock,
): Promise<Base> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await repository.read(ids);
    } catch (error) {
      if (attempt === failuresInARow || !isBivouacError(error) || error.class !== 'TemporaryError') throw error;
    }
    await clock.wait(jitter(attempt, clock));
  }
};

/** Full jitter below a bound that doubles from 100 ms to 3 s (git-publish.md 5.2); at least a tenth of it, so that a clock always moves. */
export const jitter = (attempt: number, clock: Clock): number => {
  const bound = Math.min(3_000, 100 * 2 ** Math.min(attempt - 1, 5));
  return Math.ceil(bound * (0.1 + 0.9 * clock.random()));
};
