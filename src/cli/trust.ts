import { dirname, join } from 'node:path';
import { type Environment, kubeconfigOf, secretsOf } from '../config/environment.js';
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
import { connectForge } from './forge.js';

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
  if (!holdsSecrets(context.io.environment))
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

/**
 * Whether anything is there that a fork’s charts must not run beside. The code host’s token alone doesn’t count in a fork’s own run, where
 * it only reads; in the base’s (`pull_request_target`, a comment’s) it may write. An App’s key, another forge’s token or the controller’s
 * are secrets, which a fork’s own run never gets.
 */
const holdsSecrets = (environment: Environment): boolean => {
  const harmless = environment['GITHUB_EVENT_NAME'] === 'pull_request' ? ['githubToken', 'appId'] : ['appId'];
  return (
    kubeconfigOf(environment) !== undefined ||
    Object.keys(secretsOf(environment)).some((name) => !harmless.includes(name))
  );
};

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

/** Its address comes from the CI system: nothing of the work tree counts yet. Without a credential it is asked as anyone may. */
async function hostOfJob(context: Context): Promise<Pick<CodeHost, 'read' | 'isOnBranch'>> {
  const { environment } = context.io;
  const { GITHUB_SERVER_URL: url = 'https://github.com', GITHUB_API_URL: apiUrl = '' } = environment;
  const { githubToken, appId, privateKey } = secretsOf(environment);
  const kind = environment.GITEA_ACTIONS === 'true' ? 'gitea' : 'github';
  if (kind === 'gitea' || githubToken !== undefined || appId !== undefined || privateKey !== undefined)
    return connectForge({ forge: { kind, url } }, context);
  const { gitHub } = await import('../forges/github/github.js');
  return gitHub({ url, environment, log: context.detail, ...(apiUrl !== '' && { apiUrl }) });
}

/** Where the configuration lies that would be read: `--config` may lead out of the work tree or into another. */
const configDirectory = ({ io, globals }: Context): string =>
  dirname(findConfig(io.cwd, globals.config) ?? join(io.cwd, 'bivouac.yaml'));

/** Each command asks before everything that it opens; one answer is enough. */
const asked = new WeakMap<Context, Promise<void>>();

/** Before a credential goes anywhere, or a chart runs beside one: in a job for a fork the work tree must be proven, whatever the command. @throws PolicyError UntrustedCharts */
export function refuseForkCheckout(context: Context): Promise<void> {
  const answer = asked.get(context) ?? refuseFork(context);
  asked.set(context, answer);
  return answer;
}

async function refuseFork(context: Context): Promise<void> {
  const { environment } = context.io;
  if (detect(environment) === undefined || !holdsSecrets(environment)) return;
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
