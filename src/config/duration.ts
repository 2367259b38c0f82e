import parse from 'parse-duration';
import { userError } from '../model/errors.js';
import { type Problem, quote } from './issue.js';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Milliseconds. */
export interface DurationBounds {
  readonly least: number;
  readonly most: number;
}

/** Of environments: 5 minutes to 90 days. */
export const lifetimeBounds: DurationBounds = { least: 5 * minute, most: 90 * day };
/** Of `--timeout`: 1 second to 1 day. */
export const timeoutBounds: DurationBounds = { least: second, most: day };

// the package alone reads `10` as 10 ms, `1h 30x` as 1 h and `-3d` as negative
const plain = /^(?=\d)(?:\d{1,6}w)?(?:\d{1,6}d)?(?:\d{1,6}h)?(?:\d{1,6}m)?(?:\d{1,6}s)?$/;
const iso = /^P(?=.)(\d{1,6}W)?(\d{1,6}D)?(?:T(?=.)(\d{1,6}H)?(\d{1,6}M)?(\d{1,6}S)?)?$/;
/** For editors: both forms. */
export const durationPattern = `${plain.source}|${iso.source}`;

/** Milliseconds of `30m`, `72h`, `7d`, `2w`, `1d12h`, or ISO 8601 without months and years (`P3D`, `PT12H`); undefined: neither. */
export const readDuration = (text: string): number | undefined => {
  const words = iso.exec(text)?.slice(1).join('').toLowerCase() ?? (plain.test(text) ? text : '');
  return words === '' ? undefined : (parse(words) ?? undefined);
};

/** What is wrong with a duration, if anything. */
export const durationProblem = (text: string, bounds: DurationBounds = lifetimeBounds): Problem | undefined => {
  const milliseconds = readDuration(text);
  if (milliseconds === undefined) return { message: `${quote(text)} is no duration.`, remedy: remedyFor(text, bounds) };
  if (!isWithin(milliseconds, bounds))
    return {
      message: `${quote(text)} is out of range.`,
      remedy: `Give something from ${printDuration(bounds.least)} to ${printDuration(bounds.most)}.`,
    };
  return undefined;
};

/** A number alone lacks its unit: the one that is nearest to what such durations mostly are. */
const remedyFor = (text: string, bounds: DurationBounds): string => {
  const likely = bounds.most > day ? ['d', 'h', 'm'] : ['m', 's', 'h'];
  const meant = likely.map((unit) => `${text}${unit}`).find((each) => isWithin(readDuration(each), bounds));
  return meant === undefined ? 'Write e.g. 30m, 72h, 7d, 2w, 1d12h or P3D.' : `Write ${meant}.`;
};

const isWithin = (milliseconds: number | undefined, { least, most }: DurationBounds): boolean =>
  milliseconds !== undefined && milliseconds >= least && milliseconds <= most;

/** Milliseconds, within the bounds (of lifetimes unless given). `where`: the flag that holds it. @throws UserError InvalidDuration */
export const parseDuration = (text: string, bounds: DurationBounds = lifetimeBounds, where?: string): number => {
  const problem = durationProblem(text, bounds);
  const milliseconds = readDuration(text);
  if (problem === undefined && milliseconds !== undefined) return milliseconds;
  throw userError('InvalidDuration', problem?.message ?? 'no duration', {
    ...(problem?.remedy !== undefined && { remedy: problem.remedy }),
    ...(where !== undefined && { where }),
  });
};

const units: readonly (readonly [name: string, milliseconds: number])[] = [
  ['d', day],
  ['h', hour],
  ['m', minute],
  ['s', second],
];

/** `7d`, `1d12h`, `45m`; whole seconds, `0s` below one. */
export const printDuration = (milliseconds: number): string => {
  let rest = Math.max(0, milliseconds);
  const text = units.map(([name, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count === 0 ? '' : `${count}${name}`;
  });
  return text.join('') || '0s';
};
