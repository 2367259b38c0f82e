import { Command } from '@commander-js/extra-typings';
import type { Run } from '../context.js';
import { restateOne } from '../restating.js';

export const sleepCommand = (run: Run) =>
  new Command('sleep')
    .description('stop everything that an environment runs, and keep its volumes; a push or wake brings it back')
    .argument('[environment]', 'such as shop/pr-42')
    .option('--pull-request <number>', 'the environment of this pull request')
    .option('--repository <owner/name>', 'the application repository of the pull request')
    .option('--application <name>', 'where the pull request concerns several')
    .option('--dry-run', 'say what would be done, and do nothing')
    .action((environment, flags, command) =>
      run(command, (context) => restateOne(environment, { kind: 'sleep' }, { flags, context })),
    );
