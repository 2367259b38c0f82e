import type { Commit } from '../port.js';
import type { Session } from './fetch.js';

/**
 * A fast-forward of the tip that was read, or nothing: the commit's parent is that tip, and the lease refuses a branch that was
 * rewound meanwhile. An empty lease creates only. Never `+`, never `--force`.
 */
export const pushCommit = async ({ git, branch }: Session, { base, tip }: Commit): Promise<void> => {
  if (tip === undefined) return;
  const ref = `refs/heads/${branch}`;
  await git(['push', '--porcelain', `--force-with-lease=${ref}:${base ?? ''}`, 'origin', `${tip}:${ref}`], {
    remote: true,
  });
};
