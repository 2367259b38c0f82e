import type { Run } from '../context.js';
import { environmentCommand } from '../environment-command.js';
import { restateOne } from '../restating.js';

export const sleepCommand = (run: Run) =>
  environmentCommand(
    'sleep',
    'stop everything that an environment runs, and keep its volumes; a push or wake brings it back',
  )
    .option('--dry-run', 'say what would be done, and do nothing')
    .action((environment, flags, command) =>
      run(command, (context) => restateOne(environment, { kind: 'sleep' }, { flags, context })),
    );
