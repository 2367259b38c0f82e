import { joinedName } from '../model/names.js';
import type { IgnoredReason, Outcome } from '../model/outcome.js';
import type { CommentContext } from './context.js';
import { committedWords, isLive, targetOf } from './deployment.js';
import { describe } from './description.js';
import type { CommitStatus } from './port.js';

/**
 * One check at the head commit: pending until somebody has seen it run, a failure when it was refused or won't run. A pull request
 * that gets no environment has a green one that says why, so that the check may be required. Undefined: nothing is to be said.
 */
export const commitStatusOf = (
  outcome: Outcome,
  { config, record, watchedUntil }: Pick<CommentContext, 'config' | 'record' | 'watchedUntil'>,
): CommitStatus | undefined => {
  const { id } = outcome;
  const headSha = outcome.headSha ?? record?.headSha;
  if (id === undefined || headSha === undefined || !config.feedback.status) return undefined;
  const committed = committedWords(headSha, watchedUntil);
  const said = saidOf(outcome, committed, record?.state === 'asleep');
  const url = targetOf(outcome, { config, id });
  return said && { ...said, name: joinedName(id), headSha, ...(url !== undefined && { url }) };
};

type Said = Pick<CommitStatus, 'state' | 'description' | 'when'>;

const always = (state: CommitStatus['state'], text: string): Said => ({
  state,
  description: describe(text),
  when: 'always',
});

const saidOf = (outcome: Outcome, committed: string, isAsleep: boolean): Said | undefined => {
  if (isLive(outcome)) return isAsleep ? always('success', 'asleep: its volumes are kept') : liveOf(outcome, committed);
  switch (outcome.outcome) {
    case 'Removed': // nobody looks at the checks of a closed one
      return ['Closed', 'TornDown'].includes(outcome.reason) ? undefined : always('success', outcome.message);
    case 'Ignored':
      return ignored[outcome.reason] && always(ignored[outcome.reason]!, outcome.message);
    case 'Rejected':
      return always('failure', outcome.message);
    case 'Created':
    case 'Updated': // TearingDown
    case 'Unchanged':
      return undefined;
  }
};

const liveOf = ({ outcome, deployment }: Outcome, committed: string): Said | undefined => {
  switch (deployment?.state) {
    case 'superseded': // nobody may claim anything
      return undefined;
    case 'ready':
      return always('success', deployment.message);
    case 'failed':
      return always('failure', deployment.message);
    case 'late':
      return always('pending', `not ready yet: ${deployment.message}`);
    case 'not-observed':
    case 'removed':
    case undefined: {
      const said = always('pending', committed);
      return outcome === 'Unchanged' ? { ...said, when: 'missing' } : said;
    }
  }
};

/** Absent: another run has the word, or it isn't for the commit to hear. */
const ignored: Readonly<Partial<Record<IgnoredReason, CommitStatus['state']>>> = {
  ...{ Off: 'success', Expired: 'success', NotOn: 'success', Draft: 'success', Bot: 'success', Fork: 'success' },
  ...{ BaseBranch: 'success', Paths: 'success', WaitingForImages: 'pending', LimitReached: 'pending' },
};
