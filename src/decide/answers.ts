import type { IgnoredReason, RemovedReason } from '../model/outcome.js';
import type { DesiredEnvironment, Proof } from './facts.js';
import { isOver } from './lifetime.js';
import type { Question } from './question.js';
import { staysAt } from './text.js';

interface Removal {
  readonly reason: Extract<IgnoredReason, 'Closed' | 'Off' | 'Expired' | 'NotOn'>;
  readonly proof: Proof;
  readonly message: string;
}

/** Removed where there is one, else nothing to do. */
export const gone = ({ record }: Question, { reason, proof, message }: Removal): DesiredEnvironment => {
  if (record === undefined) return { kind: 'ignored', reason, message };
  const removed: RemovedReason = reason === 'NotOn' ? 'Off' : reason;
  return { kind: 'absent', proof, reason: removed };
};

/** Removed because the recorded lifetime is over; undefined: it isn’t, or there is none. */
export const expired = (question: Question): DesiredEnvironment | undefined =>
  question.record !== undefined && isOver(question)
    ? { kind: 'absent', proof: { kind: 'lifetime', expiresAt: question.record.expiresAt }, reason: 'Expired' }
    : undefined;

/** Nothing is done now; what there is stays. */
export const left = (
  { record }: Question,
  { reason, message }: { readonly reason: IgnoredReason; readonly message: string },
): DesiredEnvironment => ({
  kind: 'ignored',
  reason,
  message: record === undefined ? message : `${message} ${staysAt(record.headSha)}`,
});
