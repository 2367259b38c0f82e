import type { Cause, DeploymentStatus } from '../model/deployment.js';
import type { DeploymentState } from '../model/outcome.js';
import type { Answer, Held } from './ask.js';
import { printCause } from './cause.js';
import { hopeless, stand, type StandingCause } from './patience.js';

/** What is known from all readings so far. */
export interface Watch {
  /** The newest that succeeded. */
  readonly seen?: DeploymentStatus;
  readonly standing: readonly StandingCause[];
  /** Why the newest reading failed; absent: it didn't. */
  readonly trouble?: string;
}

export const unwatched: Watch = { standing: [] };

/** One reading more. One that failed tells nothing: neither that a cause still stands nor that it has gone. */
export const watched = (watch: Watch, answer: Answer<DeploymentStatus>, now: Date): Watch =>
  'trouble' in answer
    ? { ...watch, trouble: answer.trouble }
    : { seen: answer.value, standing: stand(watch.standing, answer.value.causes, now) };

/** What may end the waiting beside the readings. */
export interface Moment {
  readonly now: Date;
  /** Milliseconds until the deadline. */
  readonly left: number;
}

/** Whether the newest reading says ready. */
export const looksReady = ({ seen, trouble }: Watch): boolean => trouble === undefined && seen?.phase === 'ready';

/** Why it won't become ready by itself; empty: there is hope, or nobody knows. */
export const verdictOn = (watch: Watch, now: Date): readonly Cause[] =>
  watch.trouble !== undefined || looksReady(watch) ? [] : hopeless(watch.standing, now);

/** Whether something would end here, so that Git has to be asked first. */
export const isEnding = (watch: Watch, { now, left }: Moment): boolean =>
  looksReady(watch) || verdictOn(watch, now).length > 0 || left <= 0;

/** How it ends, if it does. What was waited for is nobody's any more once Git holds something else. */
export const endOf = (watch: Watch, git: Held | undefined, moment: Moment): DeploymentState | undefined => {
  if (git === 'other' || git === 'gone') return 'superseded';
  if (looksReady(watch) && git === 'same') return 'ready';
  if (verdictOn(watch, moment.now).length > 0) return 'failed';
  return moment.left <= 0 ? 'late' : undefined;
};

/** In words, for `state`. `timeout`: as people write it, `15m`. */
export const messageOf = (
  state: DeploymentState,
  watch: Watch,
  { git, now, timeout }: { readonly git: Held | undefined; readonly now: Date; readonly timeout: string },
): string => {
  if (state === 'ready') return watch.seen?.message ?? '';
  if (state === 'failed') return `it won’t become ready by itself: ${firstOf(verdictOn(watch, now))}`;
  if (state === 'superseded')
    return git === 'gone'
      ? 'it was removed from Git meanwhile'
      : 'Git holds other manifests of it by now: whether these ever ran is nobody’s question any more';
  return `not ready after ${timeout}: ${unreadyWords(watch)}`;
};

const firstOf = ([first, ...more]: readonly Cause[]): string =>
  `${first === undefined ? '' : printCause(first)}${more.length === 0 ? '' : ` (and ${more.length} more)`}`;

const unreadyWords = (watch: Watch): string => {
  const { seen, trouble, standing } = watch;
  if (looksReady(watch))
    return 'the controller says ready, but Git could not be read to see whether it still holds this';
  const why = standing.map(({ cause }) => printCause(cause));
  const last = seen === undefined ? [] : [trouble === undefined ? seen.message : `last seen: ${seen.message}`];
  const blind = trouble === undefined ? [] : [`the controller can’t be read: ${trouble}`];
  return [...blind, ...last, ...why].join('; ');
};
