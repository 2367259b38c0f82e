import type { Item } from '../line/sweep.js';
import type { Clock } from '../model/clock.js';
import type { Vain } from '../sweep.js';

/** So long nothing is asked again about a pull request that looks as it did; milliseconds. */
const rememberedMs = 3_600_000;
const most = 10_000;

/** What sweeps have looked at in vain. Only saves requests: whoever forgets it asks once more. */
export const rememberVain = (clock: Clock): Vain & { forget(): void } => {
  const seen = new Map<string, { readonly print: string; readonly at: number }>();
  return {
    has: (item) => {
      const found = seen.get(item.name);
      return found?.print === printOf(item) && clock.now().getTime() - found.at < rememberedMs;
    },
    add: (item) => {
      if (seen.size >= most) seen.clear();
      seen.set(item.name, { print: printOf(item), at: clock.now().getTime() });
    },
    forget: () => seen.clear(),
  };
};

const printOf = ({ pullRequest, why }: Item): string => JSON.stringify([pullRequest, why]);
