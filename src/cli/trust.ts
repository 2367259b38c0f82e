import { dirname, join } from 'node:path';
import { secretsOf } from '../config/environment.js';
import { findConfig } from '../config/load.js';
import { detect, type EventReading } from '../events/event.js';
import type { CodeHost } from '../forges/port.js';
import type { Truth } from '../line/truth.js';
import type { Config } from '../config/config.js';
import { BivouacError } from '../model/errors.js';
import type { Outcome } from '../model/outcome.js';
import { commitSha, printPullRequest, type PullRequest, type RepositoryName } from '../model/pull-request.js';
import { checkoutOf } from './checkout.js';
import { readCiEvent } from './ci-event.js';
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
  const subject = subjectOf(event);
  if (event.kind === 'schedule' || subject === undefined) return undefined;
  const { gitopsToken } = secretsOf(context.io.environment);
  if (gitopsToken === undefined)
    return (
      event.fork && {
        outcome: 'Ignored',
        reason: 'Fork',
        message: `${subject.name} comes from a fork: runs for forks get no secrets, so there is nothing to do here`,
      }
    );
  const host = await hostOfJob(context);
  const fork = event.fork ?? (await forkBehind(event, host));
  if (fork === undefined) return undefined;
  const target = { repository: subject.repository, baseBranch: fork.baseBranch };
  if ((await provenanceOf(configDirectory(context), target, host)) === 'platform') return undefined;
  return { outcome: 'Rejected', reason: 'UntrustedCharts', message: `${subject.name}: ${untrustedMessage}` };
}

/** Whose run it is, in words and as a repository. */
const subjectOf = (event: EventReading): { readonly name: string; readonly repository: RepositoryName } | undefined => {
  if (event.kind === 'pull-request') return { name: printPullRequest(event.ref), repository: event.ref.repository };
  return event.repository && { name: event.repository, repository: event.repository };
};

/** A comment's event doesn't say where its pull request comes from: the code host does. */
async function forkBehind(
  event: EventReading,
  host: Pick<CodeHost, 'read'>,
): Promise<{ readonly baseBranch: string } | undefined> {
  if (event.kind !== 'pull-request' || event.labels !== undefined) return undefined;
  const { repositoryId, headRepositoryId, baseBranch } = await host.read(event.ref);
  return repositoryId === headRepositoryId ? undefined : { baseBranch };
}

/** Its address comes from the CI system: nothing of the work tree counts yet. */
async function hostOfJob({ io, detail }: Context): Promise<CodeHost> {
  const { gitHub } = await import('../forges/github/github.js');
  const { githubToken } = secretsOf(io.environment);
  const apiUrl = io.environment.GITHUB_API_URL;
  return gitHub({
    url: io.environment.GITHUB_SERVER_URL ?? 'https://github.com',
    environment: io.environment,
    log: detail,
    ...(githubToken !== undefined && { token: githubToken }),
    ...(apiUrl !== undefined && apiUrl !== '' && { apiUrl }),
  });
}

/** Where the configuration lies that would be read: `--config` may lead out of the work tree or into another. */
const configDirectory = ({ io, globals }: Context): string =>
  dirname(findConfig(io.cwd, globals.config) ?? join(io.cwd, 'bivouac.yaml'));

/** Before the GitOps token goes anywhere: in a job for a fork the work tree must be proven, whatever the command. @throws PolicyError UntrustedCharts */
export async function refuseForkCheckout(context: Context): Promise<void> {
  const { environment } = context.io;
  if (detect(environment) === undefined || secretsOf(environment).gitopsToken === undefined) return;
  const event = await readCiEvent(context.io).catch(() => undefined); // who needs the event says what is wrong with it
  const refusal = event === undefined ? undefined : await guardCheckout(event, context);
  if (refusal === undefined) return;
  throw new BivouacError({
    class: 'PolicyError',
    code: refusal.reason,
    message: refusal.message,
    remedy: 'Check out the platform repository or the base branch; or render in a job without credentials.',
  });
}

const untrustedMessage =
  'this checkout may hold the fork’s own charts and bivouac.yaml, which never run beside credentials: check out the base branch or the platform repository, or use render and publish in two jobs';

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
