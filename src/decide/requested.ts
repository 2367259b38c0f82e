import type { DesiredEnvironment } from './facts.js';

/** A person named the environment: the only removal that rests on nothing else. */
export const removalRequested = (): DesiredEnvironment => ({
  kind: 'absent',
  proof: { kind: 'requested' },
  reason: 'Requested',
});
