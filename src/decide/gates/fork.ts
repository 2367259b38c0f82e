import type { Gate } from './gate.js';

/** Nothing of a fork is deployed, but a head commit that somebody with write permission approved, where the platform allows that. */
export const forkGate: Gate = ({ untrusted, application, head }) => {
  if (!untrusted) return undefined;
  const message =
    application.pullRequests.forks === 'never'
      ? 'The pull request comes from a fork, and forks get no environment here. Push the branch to this repository to get one.'
      : `The pull request comes from a fork, and nobody has approved its head commit. Someone with write permission can comment "/bivouac approve ${head}".`;
  return { reason: 'Fork', message };
};
