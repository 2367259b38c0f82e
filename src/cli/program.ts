import { Command, type CommandUnknownOpts, Option, type OptionValues } from '@commander-js/extra-typings';
import { flagVariable } from '../config/environment.js';
import { userError } from '../model/errors.js';
import { commandsFor } from './commands/commands.js';
import type { Context, Run } from './context.js';
import type { GlobalOptions, Io } from './io.js';
import { fromVariable } from './from-variable.js';
import type { Presentation } from './output/presentation.js';
import { version } from './version.js';

/** What stands before the commands: takes their results, and runs a command line. */
export interface Entrance {
  readonly settle: (presentation: Presentation) => void;
  readonly run: Context['run'];
}

/** The command line as data: what `--help` shows and completion completes. */
export async function buildProgram(
  argv: readonly string[],
  io: Io,
  { settle, run }: Entrance,
): Promise<Command<[], OptionValues>> {
  const program = new Command('bivouac')
    .description('An environment in Kubernetes for every pull request, by GitOps.')
    .option('--config <file>', 'bivouac.yaml (found from here up to the Git root unless given)')
    .addOption(
      new Option(
        '-o, --output <format>',
        'text, json, yaml, markdown or dotenv, each with =FILE; repeatable',
      ).argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]),
    )
    .option('-v, --verbose', 'say more')
    .option('--no-color', 'no colours')
    .version(version(io.packageDirectory), '--version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .addHelpText(
      'after',
      '\nEvery flag has a variable: --pull-request is BIVOUAC_PULL_REQUEST. Secrets have only variables.',
    )
    .exitOverride()
    .configureOutput({ writeOut: io.stdout, writeErr: io.stderr, outputError: () => undefined });

  const context = () => contextOf(program.opts(), io, run);
  const work: Run = async (command, does) => {
    try {
      settle(await does(context()));
    } catch (error) {
      throw fromVariable(error, command);
    }
  };
  for (const create of await commandsFor(argv)) program.addCommand(quiet(create(work)));
  if (argv[0] === 'completion' || argv[0] === 'complete') {
    const { addCompletion } = await import('./commands/completion.js');
    await addCompletion(program, context());
  } else if (program.commands.length > 1) {
    // all of them are there: for the help
    program.addCommand((await import('./commands/completion.js')).completionCommand());
  }
  program.hook('preAction', (root, command) => {
    for (const each of [root, command]) fillFromVariables(each, io);
  });
  return program;
}

const quiet = (command: CommandUnknownOpts): CommandUnknownOpts =>
  command.exitOverride().configureOutput({ outputError: () => undefined });

function contextOf(globals: GlobalOptions, io: Io, run: Context['run']): Context {
  const note = (text: string) => io.stderr(`${text}\n`);
  return { io, globals, run, note, detail: (text) => (globals.verbose === true ? note(text) : undefined) };
}

/** commander reads `process.env` itself; ours comes from the entrance, so that a demo or a test has its own. */
function fillFromVariables(command: CommandUnknownOpts, { environment }: Io): void {
  for (const option of command.options) {
    const source = command.getOptionValueSource(option.attributeName());
    const variable = flagVariable(option.name());
    const value = environment[variable];
    if (value === undefined || value === '' || (source !== undefined && source !== 'default')) continue;
    if (option.name() === 'no-color') continue; // NO_COLOR is the field's own variable for it
    command.setOptionValueWithSource(option.attributeName(), parsed(option, value, variable), 'env');
  }
}

const truths: Readonly<Record<string, boolean>> = {
  true: true,
  '1': true,
  yes: true,
  false: false,
  '0': false,
  no: false,
};

function parsed(option: Option, text: string, variable: string): unknown {
  if (option.isBoolean()) {
    const truth = truths[text.toLowerCase()];
    if (truth === undefined)
      throw userError('InvalidFlag', `${variable}=${text} is neither true nor false`, {
        where: variable,
        remedy: 'Write true or false, or unset it.',
      });
    return truth;
  }
  if (option.parseArg === undefined) return text;
  const parse = option.parseArg as (value: string, before: unknown) => unknown;
  const items = isList(option)
    ? text
        .split(/[,\n]/)
        .map((item) => item.trim())
        .filter((item) => item !== '')
    : [text];
  return items.reduce<unknown>((before, item) => parse(item, before), undefined);
}

const isList = ({ description }: Option): boolean => description.includes('repeatable');
