import { Command } from '@commander-js/extra-typings';
import { printId } from '../../model/names.js';
import type { Context } from '../context.js';
import { configuration, gitopsOf } from '../wire.js';

/** For `--help` alone: what runs is the completion library's own command of this name, loaded when it is asked for. */
export const completionCommand = () =>
  new Command('completion')
    .description('print a completion script')
    .argument('<shell>', 'bash, zsh, fish or powershell');

/** Commands whose first argument is an environment. */
const addressing = ['show', 'down', 'diff', 'explain'];

/** Adds the scripts and the answers behind them; names of environments are offered where Git can be read. */
export async function addCompletion(program: Command, context: Context): Promise<void> {
  const [{ default: tab }, names] = await Promise.all([import('@bomb.sh/tab/commander'), environmentNames(context)]);
  const completion = tab(program as never, { completionCommandName: 'completion' });
  for (const name of addressing) {
    const argument = completion.commands.get(name)?.arguments.get('environment');
    if (argument === undefined) continue;
    argument.handler = (complete) => names.forEach((each) => complete(each, ''));
  }
}

/** Best effort: a shell waits for this at every tab. */
async function environmentNames(context: Context): Promise<readonly string[]> {
  const quiet: Context = { ...context, note: () => undefined };
  try {
    const repository = await gitopsOf(configuration(quiet, 'embedded'), quiet);
    try {
      return (await repository.readAll()).names.map(printId);
    } finally {
      await repository.close();
    }
  } catch {
    return [];
  }
}
