import type { Limits } from '../config/config.js';
import { printId, type EnvironmentId } from '../model/names.js';

/** A breaker that trips on two removals would be switched off soon. */
const alwaysAllowed = 3;

/**
 * The breaker: why one run may not remove so many of `total` environments; undefined: it may.
 * More than the limit removes none at all.
 */
export const tooManyRemovals = (
  removals: readonly EnvironmentId[],
  total: number,
  { removals: limit }: Limits,
): string | undefined => {
  const share = 'count' in limit ? limit.count : Math.floor((total * limit.percent) / 100);
  const allowed = Math.max(alwaysAllowed, share);
  if (removals.length <= allowed) return undefined;
  const names = removals.map(printId).sort().join(', ');
  return `This run would remove ${removals.length} of ${total} environments, more than the ${allowed} that limits.removals allows, so it removes none: ${names}.`;
};
