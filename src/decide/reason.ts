import type { EnvironmentRecord } from '../model/environment.js';
import type { WrittenReason } from '../model/outcome.js';

/** Why a directory was written, from the record before and after. */
export const reasonOf = (before: EnvironmentRecord | undefined, after: EnvironmentRecord): WrittenReason => {
  if (before === undefined) return 'Opened';
  if (before.headSha !== after.headSha) return 'HeadCommitChanged';
  if (before.state !== after.state) return after.state === 'active' ? 'Woken' : 'Slept';
  if (before.components.join() !== after.components.join()) return 'SelectionChanged';
  if (before.expiresAt !== after.expiresAt) return 'Extended';
  return 'ChartsChanged';
};
