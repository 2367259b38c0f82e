import type { Run } from '../context.js';
import { environmentCommand } from '../environment-command.js';
import { restateOne } from '../restating.js';

export const wakeCommand = (run: Run) =>
  environmentCommand('wake', 'start an environment that sleeps, as it was')
    .option('--dry-run', 'say what would be done, and do nothing')
    .action((environment, flags, command) =>
      run(command, (context) => restateOne(environment, { kind: 'wake' }, { flags, context })),
    );
