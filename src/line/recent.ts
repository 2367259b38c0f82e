import type { Config } from '../config/config.js';
import { candidates, sameRepository } from '../decide/candidates.js';
import { sameId } from '../model/names.js';
import { printPullRequest, type PullRequestRef, pullRequestNumber } from '../model/pull-request.js';
import type { Held } from './sweep.js';

/** Pull requests whose environments Git holds since a moment or later, each once: what a process that has just begun may have to go on with. */
export const recentIn = (held: readonly Held[], since: Date, config: Config): readonly PullRequestRef[] => {
  const refs = held.flatMap((each) => refOf(each, since, config));
  return [...new Map(refs.map((ref) => [printPullRequest(ref), ref])).values()];
};

const refOf = ({ id, read }: Held, since: Date, config: Config): readonly PullRequestRef[] => {
  if (read.kind !== 'record' || read.record.pullRequest === '') return [];
  const { repository, pullRequest, deployedAt } = read.record;
  if (!(Date.parse(deployedAt) >= since.getTime())) return [];
  const ours = [...(config.applications.get(id.application)?.repositories ?? [])].map(({ name }) => name);
  const name = ours.find((each) => sameRepository(each, repository));
  if (name === undefined) return [];
  const ref = { forge: config.forge.kind, repository: name, number: pullRequestNumber(pullRequest) };
  return candidates(ref, config).some((each) => sameId(each.id, id)) ? [ref] : [];
};
