import { parseDuration, readDuration } from '../../config/duration.js';
import { userError } from '../../model/errors.js';
import type { Run } from '../context.js';
import { environmentCommand } from '../environment-command.js';
import { restateOne } from '../restating.js';

export const extendCommand = (run: Run) =>
  environmentCommand('extend', 'move the end of an environment, as far as the platform allows')
    .argument('[duration]', 'how much longer, such as 2d')
    .option('--dry-run', 'say what would be done, and do nothing')
    .action((...[first, second, flags, command]) =>
      run(command, async (context) => {
        const [environment, duration] =
          flags.pullRequest !== undefined && second === undefined ? [undefined, first] : [first, second];
        if (duration === undefined)
          throw userError('DurationNeeded', 'it isn’t said how much longer', {
            remedy: 'Give it last: bivouac extend shop/pr-42 2d',
          });
        if (duration.includes('/') && readDuration(environment ?? '') !== undefined)
          throw userError('Usage', 'environment and duration are in the wrong order', {
            remedy: `Write bivouac extend ${duration} ${environment}.`,
          });
        return restateOne(environment, { kind: 'extend', by: parseDuration(duration) }, { flags, context });
      }),
    );
