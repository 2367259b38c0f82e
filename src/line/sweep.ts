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
import { isRemoval, judge, type Verdict } from './sweep-judge.js';

/** An environment that Git holds. */
export interface Held {
  readonly id: EnvironmentId;
  readonly read: StoredRecord;
  readonly readme: string;
}

/** What a sweep has read: all of Git’s records, and the open pull requests of the repositories it looks at, as the configuration spells them. */
export interface Seen {
  readonly held: readonly Held[];
  readonly open: ReadonlyMap<RepositoryName, readonly PullRequest[]>;
}

/** One pull request, or one environment without one, about which something may have to be done. */
export interface Item {
  /** `acme/shop#42`, or the environment’s address. */
  readonly name: string;
  /** Spelled as in the configuration, as events have it: one pull request, one place in a queue. */
  readonly ref?: PullRequestRef;
  /** As it was listed; absent: it isn’t open. */
  readonly pullRequest?: PullRequest;
  readonly candidates: readonly Candidate[];
  /** Environments whose removal would begin, as far as can be told: what the breaker counts. */
  readonly removes: readonly EnvironmentId[];
  /** Environments whose teardown has begun and isn’t called off, as far as can be told: only a sweep may ever ask about them. @default none */
  readonly ends?: readonly EnvironmentId[];
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
  const pulls = [...open].flatMap(([repository, listed]) => listed.map((pull) => ({ repository, pull })));
  const looking = { ...scope, byId };
  const items = [
    ...pulls.flatMap(({ repository, pull }) => openItem(repository, pull, looking)),
    ...closedItems(
      sorted.flatMap(({ place }) => ('gone' in place ? [place.gone] : [])),
      looking,
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

interface Looking extends SweepScope {
  readonly byId: ReadonlyMap<string, Held>;
}

function openItem(repository: RepositoryName, pullRequest: PullRequest, looking: Looking): readonly Item[] {
  const ref = { forge: looking.config.forge.kind, repository, number: pullRequest.number };
  const all = candidatesIn(ref, looking);
  const found = all.flatMap((candidate) => {
    const held = looking.byId.get(printId(candidate.id));
    const verdict = judge({ candidate, pullRequest, ...(held !== undefined && { held }) }, looking);
    return verdict === 'nothing' ? [] : [{ id: candidate.id, held, verdict }];
  });
  if (found.length === 0) return [];
  const mayEnd = found.filter(({ held, verdict }) => isLeaving(held) && verdict !== 'wanted');
  return [
    {
      name: printPullRequest(ref),
      ref,
      pullRequest,
      candidates: all,
      removes: found.filter(({ verdict }) => verdict === 'unwanted' || verdict === 'unwished').map(({ id }) => id),
      ends: mayEnd.map(({ id }) => id),
      renders: found.some(({ verdict }) => !isRemoval(verdict)),
      why: [...new Set(found.map(({ verdict }) => verdict))],
    },
  ];
}

const closedItems = (gone: readonly PullRequestRef[], looking: Looking): readonly Item[] =>
  [...new Map(gone.map((ref) => [printPullRequest(ref), ref]))].map(([name, ref]) => {
    const all = candidatesIn(ref, looking);
    const held = all.flatMap(({ id }) => looking.byId.get(printId(id)) ?? []);
    return { name, ref, candidates: all, ...goingOf(held), renders: false, why: ['closed'] };
  });

/** Only its lifetime ends it, or who asked for its end. */
const aloneItem = (held: Held, { now }: SweepScope): readonly Item[] => {
  const { id, read } = held;
  if (read.kind !== 'record') return [];
  const { preset, expiresAt } = read.record;
  const isOver = expiresAt !== '' && Date.parse(expiresAt) <= now.getTime();
  if (!isOver && !isLeaving(held)) return [];
  const why = isLeaving(held) ? 'unfinished' : 'unwanted';
  return [{ name: printId(id), candidates: [{ id, preset }], ...goingOf([held]), renders: false, why: [why] }];
};

const goingOf = (held: readonly Held[]): Pick<Item, 'removes' | 'ends'> => ({
  removes: held.filter((each) => !isLeaving(each)).map(({ id }) => id),
  ends: held.filter(isLeaving).map(({ id }) => id),
});

const isLeaving = (held: Held | undefined): boolean =>
  held?.read.kind === 'record' && held.read.record.state === 'teardown';

const candidatesIn = (ref: PullRequestRef, { config, application }: SweepScope): readonly Candidate[] =>
  candidates(ref, config).filter(({ id }) => application === undefined || id.application === application);

const byNumber = (a: Item, b: Item): number =>
  (a.ref?.number ?? 0) - (b.ref?.number ?? 0) || (a.name < b.name ? -1 : 1);
