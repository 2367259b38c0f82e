import { secretsOf } from '../config/environment.js';
import type { EventReading } from '../events/event.js';
import type { CodeHost } from '../forges/port.js';
import type { Truth } from '../line/truth.js';
import type { Config } from '../config/config.js';
import type { Outcome } from '../model/outcome.js';
import { commitSha, type PullRequest, type RepositoryName } from '../model/pull-request.js';
import { checkoutOf } from './checkout.js';
import type { Context } from './context.js';

/** Whose charts a work tree holds: the platform's own branch, or what somebody wants to merge into it. */
export type Provenance = 'platform' | 'pull-request';

/** What has to be known of a pull request to tell. */
export interface Target {
  readonly repository: RepositoryName;
  readonly baseBranch: string;
}

/**
 * The work tree is the platform's when it is another repository's, or when its HEAD is a commit of the base branch. "Not the head
 * commit" would prove nothing: the author may have pushed again since the checkout.
 */
export async function provenanceOf(
  directory: string,
  target: Target,
  host: Pick<CodeHost, 'isOnBranch'>,
): Promise<Provenance> {
  const checkout = checkoutOf(directory);
  if (checkout?.repository === undefined || checkout.head === undefined) return 'pull-request';
  if (checkout.repository.toLowerCase() !== target.repository.toLowerCase()) return 'platform';
  const commit = commitSha(checkout.head);
  const { repository, baseBranch: branch } = target;
  return (await host.isOnBranch({ repository, branch, commit })) ? 'platform' : 'pull-request';
}

/**
 * For a fork's event nothing in the work tree is read, `bivouac.yaml` included (it names the hosts that get the tokens), unless it is
 * proven to be the platform's. Undefined: go on.
 */
export async function guardCheckout(event: EventReading, context: Context): Promise<Outcome | undefined> {
  if (event.kind !== 'pull-request' || event.fork === undefined) return undefined;
  const { io } = context;
  const { gitopsToken, githubToken } = secretsOf(io.environment);
  if (gitopsToken === undefined)
    return {
      outcome: 'Ignored',
      reason: 'Fork',
      message: `${event.ref.repository}#${event.ref.number} comes from a fork: runs for forks get no secrets, so there is nothing to do here`,
    };
  const { gitHub } = await import('../forges/github/github.js');
  // the code host's address comes from the CI system: nothing of the work tree counts yet
  const apiUrl = io.environment.GITHUB_API_URL;
  const host = gitHub({
    url: io.environment.GITHUB_SERVER_URL ?? 'https://github.com',
    environment: io.environment,
    log: context.detail,
    ...(githubToken !== undefined && { token: githubToken }),
    ...(apiUrl !== undefined && apiUrl !== '' && { apiUrl }),
  });
  const target = { repository: event.ref.repository, baseBranch: event.fork.baseBranch };
  return (await provenanceOf(io.cwd, target, host)) === 'platform'
    ? undefined
    : untrusted(event.ref.repository, event.ref.number);
}

const untrustedMessage =
  'this checkout may hold the fork’s own charts and bivouac.yaml, which never run beside credentials: check out the base branch or the platform repository, or use render and publish in two jobs';

const untrusted = (repository: RepositoryName, number: number): Outcome => ({
  outcome: 'Rejected',
  reason: 'UntrustedCharts',
  message: `${repository}#${number}: ${untrustedMessage}`,
});

/** Once the pull request was read: a fork's, or any where `charts: platform` is set, needs the platform's own charts. */
export async function refuseCharts(truth: Truth, config: Config, host: CodeHost): Promise<Truth> {
  const { pullRequest } = truth;
  if (pullRequest === undefined || pullRequest.state === 'closed' || !needsPlatform(pullRequest, config)) return truth;
  if ((await provenanceOf(config.directory, pullRequest, host)) === 'platform') return truth;
  return { ...truth, refusal: { reason: 'UntrustedCharts', message: untrustedMessage } };
}

const needsPlatform = (
  { repository, repositoryId, headRepositoryId }: PullRequest,
  { applications }: Config,
): boolean =>
  headRepositoryId !== repositoryId ||
  [...applications.values()].some(
    ({ repositories, pullRequests }) =>
      pullRequests.charts === 'platform' && repositories.some(({ name }) => name === repository),
  );
