import { nearest } from '../model/nearest.js';
import { shortSha, type CommitSha } from '../model/pull-request.js';

/** What a stranger typed, on one line and cut to size. */
export const quote = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 59)}…` : text);

/** ` Did you mean "e2e"?`, or nothing. */
export const didYouMean = (typed: string, known: Iterable<string>): string => {
  const found = nearest(typed, [...known]);
  return found === undefined ? '' : ` Did you mean "${found}"?`;
};

/** `api`, `api and web`, `api, seed and web` */
export const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

/** `1 minute`, `36 hours`, `14 days`: the largest unit that fits. */
export const spoken = (milliseconds: number): string => {
  const minutes = Math.round(milliseconds / 60_000);
  const [count, unit] =
    minutes % 1440 === 0 ? [minutes / 1440, 'day'] : minutes % 60 === 0 ? [minutes / 60, 'hour'] : [minutes, 'minute'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
};

/** `The environment at 1a2b3c4 stays as it is.` */
export const staysAt = (sha: CommitSha): string => `The environment stays as it is, at ${shortSha(sha)}.`;
