import { sameId } from '../model/names.js';
import type { PullRequest } from '../model/pull-request.js';
import type { Held, Item } from './sweep.js';
import { isRemoval, judge, type Verdict } from './sweep-judge.js';
import type { Sweep, SweepRequest } from './sweep-ports.js';
import { readPullRequest } from './truth.js';

/** What a second judgement is made with. */
export interface Judging {
  readonly request: SweepRequest;
  readonly ports: Sweep;
  readonly held: readonly Held[];
}

/** A pull request that is still open, and what is found of its environments with all that a decision needs. */
export interface Judged {
  readonly pullRequest: PullRequest;
  readonly found: readonly { readonly candidate: Item['candidates'][number]; readonly verdict: Verdict }[];
}

/** Reads the pull request and judges it again; undefined: it isn’t open any more, or there is none. */
export async function judgeAgain(
  { ref, candidates }: Item,
  { request, ports, held }: Judging,
): Promise<Judged | undefined> {
  if (ref === undefined) return undefined;
  const { pullRequest, approvals, override } = await readPullRequest(ref, candidates, ports);
  if (pullRequest === undefined || pullRequest.state === 'closed') return undefined;
  const more = { approvals, ...(override !== undefined && { override }) };
  const scope = { now: ports.clock.now(), config: ports.config, refresh: request.refresh === true };
  const found = candidates.flatMap((candidate) => {
    const own = held.find(({ id }) => sameId(id, candidate.id));
    const verdict = judge({ candidate, pullRequest, more, ...(own !== undefined && { held: own }) }, scope);
    return verdict === 'nothing' ? [] : [{ candidate, verdict }];
  });
  return { pullRequest, found };
}

/**
 * What the breaker counts, made certain: a preset that no label asks for may be one that `.bivouac.yaml` does. What can’t be read
 * stays counted, and is told when it is taken.
 */
export async function ascertained(item: Item, judging: Judging): Promise<Item> {
  if (!item.why.includes('unwished')) return item;
  if (judging.ports.inVain?.has(item) === true) return { ...item, removes: [] };
  const judged = await judgeAgain(item, judging).catch(() => undefined);
  if (judged === undefined) return item;
  const going = judged.found.filter(({ verdict }) => verdict === 'unwanted');
  return { ...item, removes: going.map(({ candidate }) => candidate.id) };
}

/** What goes of one pull request, and whether that is all that is due. */
export const goingOf = ({ found }: Judged): Judged['found'] => found.filter(({ verdict }) => isRemoval(verdict));
