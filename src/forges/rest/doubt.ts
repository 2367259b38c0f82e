import { isDoubtful } from './failure.js';

export interface Doubt {
  readonly pause: () => Promise<void>;
  /** Whether what was posted can be seen now. */
  readonly isThere: () => Promise<boolean>;
}

/**
 * No code host has an idempotency key: a POST whose fate is in doubt is looked for before it is made once more. Undefined: the first
 * attempt's effect is there.
 */
export const postOnce = async <Posted>(
  post: () => Promise<Posted>,
  { pause, isThere }: Doubt,
): Promise<Posted | undefined> => {
  try {
    return await post();
  } catch (error) {
    if (!isDoubtful(error)) throw error;
    await pause();
    return (await isThere()) ? undefined : post();
  }
};
