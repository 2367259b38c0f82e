import { Command } from '@commander-js/extra-typings';
import { parseDuration } from '../../config/duration.js';
import { userError } from '../../model/errors.js';
import type { Run } from '../context.js';
import { restateOne } from '../restating.js';

export const extendCommand = (run: Run) =>
  new Command('extend')
    .description('move the end of an environment, as far as the platform allows')
    .argument('[environment]', 'such as shop/pr-42; left away with --pull-request')
    .argument('[duration]', 'how much longer, such as 2d')
    .option('--pull-request <number>', 'the environment of this pull request')
    .option('--repository <owner/name>', 'the application repository of the pull request')
    .option('--application <name>', 'where the pull request concerns several')
    .option('--dry-run', 'say what would be done, and do nothing')
    .action((...[first, second, flags, command]) =>
      run(command, async (context) => {
        const [environment, duration] =
          flags.pullRequest !== undefined && second === undefined ? [undefined, first] : [first, second];
        if (duration === undefined)
          throw userError('DurationNeeded', 'it isn’t said how much longer', {
            remedy: 'Give it last: bivouac extend shop/pr-42 2d',
          });
        return restateOne(environment, { kind: 'extend', by: parseDuration(duration) }, { flags, context });
      }),
    );
