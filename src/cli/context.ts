import { type CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import { isCi } from '../config/environment.js';
import type { GlobalOptions, Io } from './io.js';
import type { Presentation } from './output/presentation.js';

/** What a command gets beside its own flags. */
export interface Context {
  readonly io: Io;
  readonly globals: GlobalOptions;
  /** Another command line, run within this one: the demo plays CI jobs. */
  readonly run: (argv: readonly string[], io: Io) => Promise<number>;
  /** A line for people, on stderr. */
  readonly note: (text: string) => void;
  /** A line for people who asked for more (`--verbose`). */
  readonly detail: (text: string) => void;
}

/** Runs a command's work and hands its result on; a command file never prints. */
export type Run = (command: CommandUnknownOpts, work: (context: Context) => Promise<Presentation>) => Promise<void>;

/** A flag that may be given several times. */
export const repeatable = (flags: string, description: string) =>
  new Option(flags, `${description}; repeatable`).argParser((value: string, before: readonly string[] | undefined) => [
    ...(before ?? []),
    value,
  ]);

/** Whether nobody is there to be asked and nothing may be assumed. */
export const unattended = ({ environment, ask }: Io): boolean => isCi(environment) || ask === undefined;
