import type { Clock } from '../model/clock.js';

export type Level = 'info' | 'warn' | 'error';
export type Fields = Readonly<Record<string, unknown>>;
/** One line: what happened, in a word that programs may look for, and what it concerned. */
export type Log = (level: Level, event: string, fields?: Fields) => void;

export interface LogOptions {
  readonly clock: Clock;
  readonly write: (line: string) => void;
  /** Takes secrets out of a text, by value and in every encoding they travel in. */
  readonly clean: (text: string) => string;
}

/** No line is longer; what doesn't fit is cut. */
const longest = 4_000;

/** JSON lines. Secrets are taken out twice: of each text, and of the whole line, where escaping may have changed what is looked for. */
export const jsonLog = ({ clock, write, clean }: LogOptions): Log => {
  const cleaned = (_key: string, value: unknown): unknown => {
    if (typeof value === 'string') return clean(value).slice(0, longest);
    if (value instanceof Error) return clean(value.message).slice(0, longest);
    return value;
  };
  return (level, event, fields = {}) => {
    const entry = { time: clock.now().toISOString(), level, event, ...fields };
    write(`${clean(JSON.stringify(entry, cleaned))}\n`);
  };
};
