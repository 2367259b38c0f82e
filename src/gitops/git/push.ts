import type { Commit, Entry } from '../port.js';
import type { Session } from './fetch.js';
import { queueRefOf } from './refs.js';

/**
 * A fast-forward of the tip that was read, or nothing: the commit's parent is that tip, and the lease refuses a branch that was
 * rewound meanwhile. An empty lease creates only. Never `+`, never `--force`. Entries of the queue go with it, each only as it
 * was read, all or nothing.
 */
export const pushCommit = async (
  { git, branch }: Session,
  { base, tip }: Pick<Commit, 'base' | 'tip'>,
  overtaken: readonly Entry[] = [],
): Promise<void> => {
  const ref = `refs/heads/${branch}`;
  const entries = overtaken.map(({ id, commit }) => ({ place: queueRefOf(id), commit }));
  const leases = [
    ...(tip === undefined ? [] : [`${ref}:${base ?? ''}`]),
    ...entries.map(({ place, commit }) => `${place}:${commit}`),
  ];
  if (leases.length === 0) return;
  await git(
    [
      'push',
      '--porcelain',
      ...(leases.length > 1 ? ['--atomic'] : []),
      ...leases.map((lease) => `--force-with-lease=${lease}`),
      'origin',
      ...(tip === undefined ? [] : [`${tip}:${ref}`]),
      ...entries.map(({ place }) => `:${place}`),
    ],
    { remote: true },
  );
};
