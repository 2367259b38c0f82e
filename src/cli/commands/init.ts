import { resolve } from 'node:path';
import { Argument, Command, Option } from '@commander-js/extra-typings';
import { ciSystems } from '../../init/application.js';
import { userError } from '../../model/errors.js';
import type { Context, Run } from '../context.js';
import { application, type ApplicationOptions } from '../init/application.js';
import { gitops, type GitOpsFlags } from '../init/gitops.js';
import { platform } from '../init/platform.js';
import type { Presentation } from '../output/presentation.js';

const kinds = ['platform', 'gitops', 'application'] as const;
type Kind = (typeof kinds)[number];

type Options = ApplicationOptions & GitOpsFlags;

export const initCommand = (run: Run) =>
  new Command('init')
    .description('start a platform, a GitOps repository (printed without a folder), or an application’s workflows')
    .addArgument(new Argument('<what>', 'what to start').choices(kinds))
    .argument('[dir]', 'the folder; what is in it stays')
    .addOption(new Option('--ci <system>', 'of an application: whose workflows').choices(ciSystems))
    .addOption(
      new Option('--controller <kind>', 'of a GitOps repository: instead of controller.kind').choices([
        'argocd',
        'flux',
      ] as const),
    )
    .option('--notifications', 'of a GitOps repository: let Argo CD set the commit status')
    .option('--dry-run', 'say what would be written, and write nothing')
    .action((...[what, directory, options, command]) =>
      run(command, (context) => init({ what, directory, options }, context)),
    );

interface Asked {
  readonly what: Kind;
  readonly directory: string | undefined;
  readonly options: Options;
}

function init({ what, directory, options }: Asked, context: Context): Promise<Presentation> {
  assertOfKind(what, options);
  const folder = resolve(context.io.cwd, directory ?? '.');
  if (what === 'platform') return platform(folder, options, context);
  if (what === 'application') return application(folder, options, context);
  return gitops(directory === undefined ? undefined : folder, options, context);
}

/** @throws UserError InvalidFlag: one that belongs to another kind */
function assertOfKind(what: Kind, { ci, controller, notifications }: Options): void {
  const wrong = [
    what !== 'application' && ci !== undefined && '--ci',
    what !== 'gitops' && controller !== undefined && '--controller',
    what !== 'gitops' && notifications === true && '--notifications',
  ].filter((flag) => flag !== false);
  if (wrong.length === 0) return;
  throw userError('InvalidFlag', `init ${what} has no ${wrong.join(', ')}`, {
    where: wrong.join(', '),
    remedy: 'Leave it away. bivouac init --help says what each is for.',
  });
}
