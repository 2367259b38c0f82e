import { writeFile } from 'node:fs/promises';
import { CommanderError, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { isCi, secretValues } from '../config/environment.js';
import { userError } from '../model/errors.js';
import type { Violation } from '../model/outcome.js';
import { commandWord } from './commands/commands.js';
import type { GlobalOptions, Io } from './io.js';
import { presentError } from './output/errors.js';
import { annotations, writeStepOutputs } from './output/github.js';
import { parseSinks, type Presentation, print, type Sink } from './output/presentation.js';
import { buildProgram } from './program.js';
import { redactor } from './redact.js';

/** One command line, from words to exit code. Never throws, never exits. */
export async function run(argv: readonly string[], given: Io): Promise<number> {
  const clean = redactor(secretValues(given.environment));
  const io: Io = {
    ...given,
    stdout: (text) => given.stdout(clean(text)),
    stderr: (text) => given.stderr(clean(text)),
  };
  let sinks: readonly Sink[] = sinksIn(argv);
  let result: Presentation | undefined;
  let command: CommandUnknownOpts | undefined;
  try {
    const program = await buildProgram(argv, io, { settle: (presentation) => (result = presentation), run });
    command = program.commands.find((each) => each.name() === commandWord(argv)) ?? program;
    program.hook('preAction', () => void (sinks = parseSinks((program.opts() as GlobalOptions).output ?? [])));
    if (commandWord(argv) === 'help')
      (await import('./usage.js')).assertHelpable(argv.slice(argv.indexOf('help') + 1), program);
    await program.parseAsync(argv, { from: 'user' });
    if (result === undefined) return 0; // help, version
    await deliver(result, sinks, { io, clean });
    for (const line of result.afterwards ?? []) io.stderr(`${line}\n`);
    return result.exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const isUsage = error instanceof CommanderError && command !== undefined;
    const failure = presentError(isUsage ? (await import('./usage.js')).usageError(error, command!) : error);
    io.stderr(`${failure.text}\n`);
    await deliver({ ...failure, text: '' }, sinks, { io, clean }).catch(() => undefined);
    return failure.exitCode;
  }
}

/** What was asked for, as far as it can be told before the flags are read: a usage error is JSON too, where JSON was wanted. */
function sinksIn(argv: readonly string[]): readonly Sink[] {
  const values = argv.flatMap((word, index) => {
    if (word === '-o' || word === '--output') return argv[index + 1] ?? [];
    return word.startsWith('--output=') ? word.slice('--output='.length) : [];
  });
  try {
    return parseSinks(values);
  } catch {
    return [{ format: 'text' }];
  }
}

interface Delivery {
  readonly io: Io;
  /** Files are uploaded and shown as much as what is printed. */
  readonly clean: (text: string) => string;
}

async function deliver(result: Presentation, sinks: readonly Sink[], { io, clean }: Delivery): Promise<void> {
  for (const { format, file } of sinks) {
    const text = await print(result, format);
    if (file === undefined) io.stdout(text);
    else await written(file, () => writeFile(file, clean(text)));
  }
  if (io.environment.GITHUB_ACTIONS === 'true' && isCi(io.environment))
    for (const line of annotations(violationsIn(result))) io.stderr(`${line}\n`);
  await written('GITHUB_OUTPUT, GITHUB_STEP_SUMMARY', () =>
    writeStepOutputs(cleaned(result, clean), io.environment, () => io.clock.random()),
  );
}

const cleaned = (result: Presentation, clean: Delivery['clean']): Presentation => ({
  ...result,
  markdown: clean(result.markdown),
  variables: Object.fromEntries(Object.entries(result.variables).map(([key, value]) => [key, clean(value)])),
});

/** @throws UserError OutputNotWritten */
async function written(where: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    throw userError('OutputNotWritten', `the result can’t be written: ${(error as Error).message}`, {
      where,
      changed: 'what the command itself does is done; its result is shown nowhere else',
      remedy: 'Name a file that can be written, and run the command again: it repeats nothing that was done.',
    });
  }
}

const violationsIn = ({ data }: Presentation): readonly Violation[] => {
  const outcomes = (data.outcomes ?? []) as readonly { readonly violations: readonly Violation[] }[];
  return outcomes.flatMap(({ violations }) => violations);
};
