import type { Config } from '../config/config.js';
import { candidates, sameRepository } from '../decide/candidates.js';
import type { Candidate } from '../decide/facts.js';
import type { StoredRecord } from '../model/environment.js';
import { type ApplicationName, type EnvironmentId, printId, sameId } from '../model/names.js';
import {
  printPullRequest,
  type PullRequest,
  type PullRequestRef,
  pullRequestNumber,
  type RepositoryName,
} from '../model/pull-request.js';
import { judge, type Verdict } from './sweep-judge.js';

/** An environment that Git holds. */
export interface Held {
  readonly id: EnvironmentId;
  readonly read: StoredRecord;
  readonly readme: string;
}

/** What a sweep has read: all of Git’s records, and the open pull requests of the repositories it looks at. */
export interface Seen {
  readonly held: readonly Held[];
  readonly open: ReadonlyMap<RepositoryName, readonly PullRequest[]>;
}

/** One pull request, or one environment without one, about which something may have to be done. */
export interface Item {
  /** `acme/shop#42`, or the environment’s address. */
  readonly name: string;
  readonly ref?: PullRequestRef;
  /** As it was listed; absent: it isn’t open. */
  readonly pullRequest?: PullRequest;
  readonly candidates: readonly Candidate[];
  /** Environments that would go, as far as can be told. */
  readonly removes: readonly EnvironmentId[];
  /** Whether anything but removals may be called for. */
  readonly renders: boolean;
  readonly why: readonly Why[];
}

export type Why = Verdict | 'closed';

export interface Worklist {
  /** Lowest number first. */
  readonly items: readonly Item[];
  /** Environments that are as their pull requests want them, as far as can be told without rendering. */
  readonly untouched: number;
  /** Never touched, and named. */
  readonly passedOver: readonly PassedOver[];
}

export interface PassedOver {
  readonly id: EnvironmentId;
  readonly why: string;
}

export interface SweepScope {
  readonly now: Date;
  readonly config: Config;
  /** Of this one only. @default all */
  readonly application?: ApplicationName;
  /** What nothing but newer charts or configuration would change, too. @default false */
  readonly refresh?: boolean;
}

/** What has to be looked at, without rendering. Generous: whatever a decision would need more facts for is on it. */
export function worklist({ held, open }: Seen, scope: SweepScope): Worklist {
  const ours = held.filter(({ id }) => scope.application === undefined || id.application === scope.application);
  const sorted = ours.map((each) => ({ each, place: placeOf(each, open, scope.config) }));
  const byId = new Map(sorted.flatMap(({ each, place }) => ('passed' in place ? [] : [[printId(each.id), each]])));
  const pulls = [...open.values()].flat();
  const items = [
    ...pulls.flatMap((pull) => openItem(pull, byId, scope)),
    ...closedItems(
      sorted.flatMap(({ place }) => ('gone' in place ? [place.gone] : [])),
      scope,
    ),
    ...sorted.flatMap(({ each, place }) => ('alone' in place ? aloneItem(each, scope) : [])),
  ].sort(byNumber);
  const touched = new Set(items.flatMap((item) => item.candidates.map(({ id }) => printId(id))));
  return {
    items,
    untouched: [...byId.keys()].filter((id) => !touched.has(id)).length,
    passedOver: sorted.flatMap(({ each, place }) => ('passed' in place ? [{ id: each.id, why: place.passed }] : [])),
  };
}

type Place =
  { readonly passed: string } | { readonly open: true } | { readonly alone: true } | { readonly gone: PullRequestRef };

function placeOf({ id, read }: Held, open: Seen['open'], config: Config): Place {
  if (!config.applications.has(id.application)) return { passed: `bivouac.yaml has no application ${id.application}` };
  if (read.kind === 'newer') return { passed: `a newer Bivouac wrote it (schema ${read.schemaVersion})` };
  if (read.kind === 'unreadable') return { passed: `its record can’t be read: ${read.problem}` };
  const { repository, pullRequest } = read.record;
  const [name, pulls] = [...open].find(([each]) => sameRepository(each, repository)) ?? [];
  if (name === undefined) return { passed: `${repository} isn’t looked at` };
  if (pullRequest === '') return { alone: true };
  const ref = { forge: config.forge.kind, repository: name, number: pullRequestNumber(pullRequest) };
  if (!candidates(ref, config).some((each) => sameId(each.id, id)))
    return { passed: `${printPullRequest(ref)} would have another name by now` };
  return pulls?.some(({ number }) => number === ref.number) === true ? { open: true } : { gone: ref };
}

function openItem(pullRequest: PullRequest, byId: ReadonlyMap<string, Held>, scope: SweepScope): readonly Item[] {
  const { repository, number } = pullRequest;
  const ref = { forge: scope.config.forge.kind, repository, number };
  const all = candidatesIn(ref, scope);
  const verdicts = all.map((candidate) => {
    const held = byId.get(printId(candidate.id));
    return { candidate, verdict: judge({ candidate, pullRequest, ...(held !== undefined && { held }) }, scope) };
  });
  const found = verdicts.filter(({ verdict }) => verdict !== 'nothing');
  if (found.length === 0) return [];
  const removes = found.flatMap(({ candidate, verdict }) => (verdict === 'unwanted' ? [candidate.id] : []));
  return [
    {
      name: printPullRequest(ref),
      ref,
      pullRequest,
      candidates: all,
      removes,
      renders: found.length > removes.length,
      why: [...new Set(found.map(({ verdict }) => verdict))],
    },
  ];
}

const closedItems = (gone: readonly PullRequestRef[], scope: SweepScope): readonly Item[] =>
  [...new Map(gone.map((ref) => [printPullRequest(ref), ref]))].map(([name, ref]) => {
    const all = candidatesIn(ref, scope);
    return { name, ref, candidates: all, removes: all.map(({ id }) => id), renders: false, why: ['closed'] };
  });

/** Only its lifetime ends it, or who asked for its end. */
const aloneItem = ({ id, read }: Held, { now }: SweepScope): readonly Item[] => {
  if (read.kind !== 'record') return [];
  const { preset, state, expiresAt } = read.record;
  const isOver = expiresAt !== '' && Date.parse(expiresAt) <= now.getTime();
  if (!isOver && state !== 'teardown') return [];
  const why = isOver ? 'unwanted' : 'unfinished';
  return [{ name: printId(id), candidates: [{ id, preset }], removes: [id], renders: false, why: [why] }];
};

const candidatesIn = (ref: PullRequestRef, { config, application }: SweepScope): readonly Candidate[] =>
  candidates(ref, config).filter(({ id }) => application === undefined || id.application === application);

const byNumber = (a: Item, b: Item): number =>
  (a.ref?.number ?? 0) - (b.ref?.number ?? 0) || (a.name < b.name ? -1 : 1);
