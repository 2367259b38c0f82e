import type { EnvironmentId } from '../model/names.js';
import { joinedName } from '../model/names.js';
import type { Outcome } from '../model/outcome.js';
import { type CommitSha, shortSha } from '../model/pull-request.js';
import type { CommentContext } from './context.js';
import { describe } from './description.js';
import { gitOpsLinks } from './links.js';
import type { DeploymentState } from './port.js';

/**
 * What the pull request's page shows as deployed: in progress once Git holds it, a success or failure only when somebody looked,
 * inactive when it is asleep or gone. Undefined: nothing is to be said.
 */
export const deploymentOf = (
  outcome: Outcome,
  { config, record, watchedUntil }: Pick<CommentContext, 'config' | 'record' | 'watchedUntil'>,
): DeploymentState | undefined => {
  const { id } = outcome;
  const headSha = outcome.headSha ?? record?.headSha;
  if (id === undefined || headSha === undefined || config.feedback.deployment === 'off') return undefined;
  const name = joinedName(id);
  const of = { name, headSha, environment: config.feedback.deployment === 'each' ? name : id.application };
  if (outcome.outcome === 'Removed' || (isLive(outcome) && record?.state === 'asleep'))
    return { ...of, state: 'inactive', description: describe(outcome.message), when: 'always' };
  if (!isLive(outcome)) return undefined;
  const seen = seenOf(outcome, committedWords(headSha, watchedUntil));
  return seen && { ...of, ...seen, ...placesOf(outcome, gitOpsLinks(config, id).folder) };
};

/** Whether the outcome leaves an environment that the head commit runs in. */
export const isLive = ({ outcome, reason }: Outcome): boolean =>
  ['Created', 'Updated', 'Unchanged'].includes(outcome) && reason !== 'TearingDown';

type Seen = Pick<DeploymentState, 'state' | 'description' | 'when'>;

/** What may be said of a commit while nobody has seen it run. */
export const committedWords = (headSha: CommitSha, watchedUntil: string | undefined): string =>
  `${shortSha(headSha)} is in Git; ${watchedUntil === undefined ? 'the cluster was not observed' : 'waiting for the cluster'}`;

const seenOf = ({ outcome, deployment }: Outcome, committed: string): Seen | undefined => {
  switch (deployment?.state) {
    case 'superseded': // nobody may claim anything
      return undefined;
    case 'ready':
      return { state: 'success', description: describe(deployment.message), when: 'always' };
    case 'failed':
      return { state: 'failure', description: describe(deployment.message), when: 'always' };
    case 'late':
      return { state: 'in_progress', description: describe(`not ready yet: ${deployment.message}`), when: 'always' };
    case 'not-observed':
    case 'removed':
    case undefined:
      return { state: 'in_progress', description: committed, when: outcome === 'Unchanged' ? 'missing' : 'always' };
  }
};

const placesOf = ({ url }: Outcome, folder: string | undefined) => ({
  ...(url !== undefined && isWeb(url) && { url }),
  ...(folder !== undefined && { logUrl: folder }),
});

const isWeb = (url: string): boolean => /^https?:\/\//.test(url) && URL.canParse(url);

/** Where a commit's check leads: the environment, else what Git holds of it. */
export const targetOf = (
  { url }: Outcome,
  { config, id }: Pick<CommentContext, 'config'> & { readonly id: EnvironmentId },
): string | undefined => (url !== undefined && isWeb(url) ? url : gitOpsLinks(config, id).folder);
