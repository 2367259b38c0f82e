import { createStage, type Stage, type StageOptions } from './stage.js';

const ending: Promise<void>[] = [];

/** One stage for the cases of a file, made when the first of them runs. It is taken down while the next file's cases run. */
export const shared = (options: StageOptions = {}) => {
  let made: Promise<Stage> | undefined;
  return {
    stage: (): Promise<Stage> => (made ??= createStage(options)),
    end: async (): Promise<void> => {
      const stage = await made?.catch(() => undefined);
      if (stage !== undefined) ending.push(stage.end());
    },
  };
};

/** All stages are down, and nothing of theirs is in the cluster. */
export const ended = async (): Promise<void> => {
  const ends = await Promise.allSettled(ending);
  const failed = ends.flatMap((each) => (each.status === 'rejected' ? [String(each.reason)] : []));
  if (failed.length > 0) throw new Error(failed.join('\n'));
};

/** Runs work over items, so many at a time. */
export const atOnce = async <Item, Result>(
  lanes: number,
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> => {
  const results: Result[] = [];
  const left = [...items.entries()].values();
  const lane = async (): Promise<void> => {
    for (const [index, item] of left) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
};
