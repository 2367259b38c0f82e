import type { EnvironmentRecord } from '../model/environment.js';
import type { TeardownState } from '../model/teardown.js';
import type { DesiredEnvironment } from './facts.js';
import type { Question } from './question.js';

/** A removal that has begun goes on where nothing asks for the environment again. Its record's end is the teardown's deadline. */
export const goesOn = ({ record }: Question): DesiredEnvironment | undefined =>
  record?.state === 'teardown' ? { kind: 'absent', proof: { kind: 'teardown' }, reason: 'TornDown' } : undefined;

/** `overdue`: not done at the deadline; `unobserved`: the deadline is over, and nobody could look. */
export type TeardownEnd = 'done' | 'failed' | 'overdue' | 'unobserved';

/** How a teardown has ended; undefined: not yet. `seen` is absent where there is nobody who looks. */
export const teardownEnd = (
  { expiresAt }: Pick<EnvironmentRecord, 'expiresAt'>,
  { seen, now }: { readonly seen?: TeardownState; readonly now: Date },
): TeardownEnd | undefined => {
  if (seen === 'done' || seen === 'failed') return seen;
  const isOver = expiresAt === '' || Date.parse(expiresAt) <= now.getTime();
  if (!isOver) return undefined;
  return seen === 'running' ? 'overdue' : 'unobserved';
};
