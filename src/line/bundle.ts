import type { EnvironmentSpec } from '../model/environment.js';
import type { Refusal } from './plan.js';

/** Another of these only means that the pull request has moved on, with a run of its own. */
const moving: readonly (keyof EnvironmentSpec)[] = ['headSha', 'preset', 'with', 'without'];
/** Data that policy checks, and what publishing applies by itself. */
const free: readonly (keyof EnvironmentSpec)[] = ['images', 'state'];

/** Why a bundle isn't what was decided here and now; undefined: it is. `contracts.md` 4.2. */
export function refusalOf(bundle: EnvironmentSpec, decided: EnvironmentSpec): Refusal | undefined {
  const differing = (Object.keys(decided) as (keyof EnvironmentSpec)[]).filter(
    (key) => !free.includes(key) && canonical(bundle[key]) !== canonical(decided[key]),
  );
  const forged = differing.filter((key) => !moving.includes(key));
  if (differing.some((key) => moving.includes(key)))
    return {
      kind: 'ignored',
      reason: 'Superseded',
      message: `the bundle was made for another ${differing.filter((key) => moving.includes(key)).join(', ')}: the pull request has moved on, and its own run follows`,
    };
  if (forged.length === 0) return undefined;
  return {
    kind: 'rejected',
    reason: 'BundleMismatch',
    message: `the bundle was made for something else than is decided here: ${forged.join(', ')} differ. Render and publish with the same bivouac.yaml.`,
  };
}

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
