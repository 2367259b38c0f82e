import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Config } from '../config/config.js';
import { sameRepository } from '../decide/candidates.js';
import type { CodeHost } from '../forges/port.js';
import type { Item } from '../line/sweep.js';
import type { Outcome } from '../model/outcome.js';
import { commitSha, type PullRequest, type RepositoryName } from '../model/pull-request.js';
import { checkoutOf } from './checkout.js';
import { pullRequestSubject, reconcileAndTell, type Session, subjectOf } from './session.js';

/** One of a sweep's items along the line. */
export async function reconcileItem(item: Item, session: Session): Promise<readonly Outcome[]> {
  const { ref, candidates } = item;
  if (ref !== undefined) return reconcileAndTell(pullRequestSubject(ref, session, { candidates, images: {} }), session);
  const outcomes: Outcome[] = [];
  for (const { id } of candidates)
    outcomes.push(...(await reconcileAndTell(await subjectOf({ id }, session), session)));
  return outcomes;
}

/** The repository, and the commit of it, that configuration and charts are of. */
export interface OwnCheckout {
  readonly repository: string;
  readonly head: string;
}

/**
 * Where charts come from pull requests' heads, this checkout's are the right ones only for pull requests to its own branch that
 * leave configuration and charts alone: their merge has the same ones. Undefined: every pull request's charts are here.
 */
export function foreignChartsOf(
  config: Config,
  host: Pick<CodeHost, 'changedFiles' | 'isOnBranch'>,
  own: Partial<OwnCheckout> | undefined = checkoutOf(config.directory),
): ((pullRequest: PullRequest) => Promise<string | undefined>) | undefined {
  const { repository, head } = own ?? {};
  if (repository === undefined || head === undefined) return undefined;
  const isSource = sourcesOf(config);
  return async (pullRequest) => {
    if (!sameRepository(pullRequest.repository, repository as RepositoryName)) return undefined;
    if (fromPlatform(pullRequest, config)) return undefined;
    const { baseBranch: branch, number } = pullRequest;
    const commit = commitSha(head);
    if (!(await host.isOnBranch({ repository: pullRequest.repository, branch, commit })))
      return `it goes to ${branch}, which this checkout is not of`;
    const changed = await host.changedFiles({ forge: config.forge.kind, repository: pullRequest.repository, number });
    const source = changed.find(isSource);
    return source === undefined ? undefined : `it changes ${source}: its own job renders it`;
  };
}

const fromPlatform = ({ repository }: PullRequest, { applications }: Config): boolean =>
  [...applications.values()]
    .filter(({ repositories }) => repositories.some(({ name }) => sameRepository(name, repository)))
    .every(({ pullRequests }) => pullRequests.charts === 'platform');

/** Whatever lies beside the charts may be theirs, and beside bivouac.yaml what it names and what charts are installed with. */
function sourcesOf({ directory, applications }: Config): (path: string) => boolean {
  const root = rootOf(directory);
  const home = relative(root, directory);
  const charts = [...applications.values()].map(({ chart }) => `${relative(root, dirname(chart.file))}/`);
  const inHome = (path: string): string | undefined =>
    home === '' ? path : path.startsWith(`${home}/`) ? path.slice(home.length + 1) : undefined;
  return (path) =>
    charts.some((folder) => folder !== '/' && path.startsWith(folder)) || beside.test(inHome(path) ?? '');
}

const beside = /^(?:[^/]+\.ya?ml|charts\.bundle\.cjs|package\.json|package-lock\.json|tsconfig\.json)$/;

const rootOf = (directory: string): string =>
  existsSync(join(directory, '.git')) || dirname(directory) === directory ? directory : rootOf(dirname(directory));
