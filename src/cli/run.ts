import { writeFile } from 'node:fs/promises';
import { CommanderError } from '@commander-js/extra-typings';
import { isCi, secretValues } from '../config/environment.js';
import { userError } from '../model/errors.js';
import type { Violation } from '../model/outcome.js';
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
  try {
    const program = await buildProgram(argv, io, { settle: (presentation) => (result = presentation), run });
    program.hook('preAction', () => void (sinks = parseSinks((program.opts() as GlobalOptions).output ?? [])));
    await program.parseAsync(argv, { from: 'user' });
    if (result === undefined) return 0; // help, version
    await deliver(result, sinks, io);
    return result.exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const failure = presentError(error instanceof CommanderError ? usage(error) : error);
    io.stderr(`${failure.text}\n`);
    await deliver({ ...failure, text: '' }, sinks, io).catch(() => undefined);
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

const usage = (error: CommanderError) =>
  userError('Usage', error.message.replace(/^error: /, ''), { remedy: 'bivouac --help, or bivouac <command> --help' });

async function deliver(result: Presentation, sinks: readonly Sink[], io: Io): Promise<void> {
  for (const { format, file } of sinks) {
    const text = await print(result, format);
    if (file === undefined) io.stdout(text);
    else await writeFile(file, text);
  }
  if (io.environment.GITHUB_ACTIONS === 'true' && isCi(io.environment))
    for (const line of annotations(violationsIn(result))) io.stderr(`${line}\n`);
  await writeStepOutputs(result, io.environment, () => io.clock.random());
}

const violationsIn = ({ data }: Presentation): readonly Violation[] => {
  const outcomes = (data.outcomes ?? []) as readonly { readonly violations: readonly Violation[] }[];
  return outcomes.flatMap(({ violations }) => violations);
};
