import type { Config } from '../config/config.js';
import { type EnvironmentId, sameId } from '../model/names.js';
import type { PullRequestRef } from '../model/pull-request.js';
import { pullRequestNumber } from '../model/pull-request.js';
import { candidates } from './candidates.js';

/** The pull request whose environment has this name; undefined for one with a given name, such as `shop/demo-acme`. */
export function refFor(id: EnvironmentId, config: Config): PullRequestRef | undefined {
  const repositories = config.applications.get(id.application)?.repositories ?? [];
  const numbers = [...new Set(id.environment.match(/[0-9]+/g) ?? [])].filter((digits) =>
    /^[1-9][0-9]{0,9}$/.test(digits),
  );
  const refs = repositories.flatMap(({ name }) =>
    numbers
      .filter((digits) => Number(digits) <= 2_147_483_647)
      .map((digits): PullRequestRef => ({
        forge: config.forge.kind,
        repository: name,
        number: pullRequestNumber(digits),
      })),
  );
  return refs.find((ref) => candidates(ref, config).some((candidate) => sameId(candidate.id, id)));
}
