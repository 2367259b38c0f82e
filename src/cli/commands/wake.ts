import { Command } from '@commander-js/extra-typings';
import type { Run } from '../context.js';
import { restateOne } from '../restating.js';

export const wakeCommand = (run: Run) =>
  new Command('wake')
    .description('start an environment that sleeps, as it was')
    .argument('[environment]', 'such as shop/pr-42')
    .option('--pull-request <number>', 'the environment of this pull request')
    .option('--repository <owner/name>', 'the application repository of the pull request')
    .option('--application <name>', 'where the pull request concerns several')
    .option('--dry-run', 'say what would be done, and do nothing')
    .action((environment, flags, command) =>
      run(command, (context) => restateOne(environment, { kind: 'wake' }, { flags, context })),
    );
