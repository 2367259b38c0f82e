import type { Config, Limits } from '../config/config.js';
import { printId, sameId, type EnvironmentId } from '../model/names.js';
import type { PullRequest, RepositoryName } from '../model/pull-request.js';
import { candidates, sameRepository } from './candidates.js';
import type { EnvironmentCount } from './facts.js';

/** Which limit stops one more environment, as a sentence; undefined: none. */
export const limitReached = (count: EnvironmentCount, limits: Limits): string | undefined => {
  if (count.perAuthor >= limits.perAuthor)
    return `The author has ${count.perAuthor} pull requests with an environment already (limits.perAuthor is ${limits.perAuthor}).`;
  if (count.perRepository >= limits.perRepository)
    return `The repository has ${count.perRepository} environments already (limits.perRepository is ${limits.perRepository}).`;
  if (count.total >= limits.total)
    return `There are ${count.total} environments already (limits.total is ${limits.total}).`;
  return undefined;
};

export type OpenPullRequest = Pick<PullRequest, 'number' | 'author'>;

export interface CountSource {
  /** Every environment in the tree. */
  readonly names: readonly EnvironmentId[];
  readonly config: Config;
  readonly repository: RepositoryName;
  /** The repository's open pull requests. */
  readonly open: readonly OpenPullRequest[];
  /** Absent: an environment without a pull request, which no author's limit stops. */
  readonly author?: PullRequest['author'];
}

/** How many environments there are beside this one; a pull request never counts against itself. */
export const countFor = (id: EnvironmentId, source: CountSource): EnvironmentCount => {
  const others = source.names.filter((name) => !sameId(name, id));
  return {
    total: others.length,
    perRepository: others.filter((name) => isOf(name, source)).length,
    perAuthor: withEnvironment(id, source).length,
  };
};

/** A name tells its repository by its prefix: the longest that fits, else it is the first one's. */
const isOf = ({ application, environment }: EnvironmentId, { config, repository }: CountSource): boolean => {
  const repositories = config.applications.get(application)?.repositories ?? [];
  const [owner] = repositories
    .filter(({ prefix }) => prefix !== undefined && environment.startsWith(`${prefix}-`))
    .sort((a, b) => (b.prefix?.length ?? 0) - (a.prefix?.length ?? 0));
  const name = (owner ?? repositories[0])?.name;
  return name !== undefined && sameRepository(name, repository);
};

/** The author's other pull requests that have an environment. */
const withEnvironment = (id: EnvironmentId, source: CountSource): readonly OpenPullRequest[] => {
  const inTree = new Set(source.names.map(printId));
  return source.open.filter(({ number, author }) => {
    if (author.id !== source.author?.id) return false;
    const ids = candidates({ repository: source.repository, number }, source.config).map((candidate) => candidate.id);
    return !ids.some((own) => sameId(own, id)) && ids.some((own) => inTree.has(printId(own)));
  });
};
