import type { CommitSha } from '../../model/pull-request.js';
import type { Entry } from '../port.js';

/** How many looks the first in the queue may stand still before the next in rank takes over. */
const patience = 3;

/** What one of the waiting has seen so far. */
export interface Watch {
  readonly first?: CommitSha;
  /** Looks in a row at which `first` was the same. */
  readonly still: number;
}

export const watchFrom: Watch = { still: 0 };

export const watchOn = (watch: Watch, entries: readonly Entry[]): Watch => {
  const first = entries[0]?.commit;
  return {
    ...(first !== undefined && { first }),
    still: first !== undefined && first === watch.first ? watch.still + 1 : 0,
  };
};

/** The first of the sorted entries carries all over; when it has died, it stands still, and the others follow by rank. */
export const isTurn = (entries: readonly Entry[], mine: readonly Entry[], { still }: Watch): boolean => {
  const rank = entries.findIndex(({ commit }) => mine.some((each) => each.commit === commit));
  return rank >= 0 && still >= rank * patience;
};

/** Those of mine that still wait. */
export const waitingOf = (entries: readonly Entry[], mine: readonly Entry[]): readonly Entry[] =>
  mine.filter(({ commit }) => entries.some((each) => each.commit === commit));
