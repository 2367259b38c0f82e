import { Command } from '@commander-js/extra-typings';
import type { Config } from '../../config/config.js';
import { detect } from '../../events/event.js';
import { isBivouacError, userError } from '../../model/errors.js';
import { printId } from '../../model/names.js';
import { repositoryName, type RepositoryName } from '../../model/pull-request.js';
import { sweep, type Swept } from '../../sweep.js';
import { applicationIn, known } from '../arguments.js';
import { readCiEvent } from '../ci-event.js';
import { type Context, repeatable, type Run } from '../context.js';
import { presentError } from '../output/errors.js';
import { presentOutcomes } from '../output/outcomes.js';
import type { Presentation } from '../output/presentation.js';
import { oneLine } from '../redact.js';
import { inSession } from '../session.js';
import { foreignChartsOf, reconcileItem } from '../sweeping.js';
import { configuration } from '../wire.js';

export interface SweepFlags {
  readonly repository?: readonly string[];
  readonly application?: string;
  readonly refresh?: true;
  readonly max?: string;
  readonly allowRemovals?: string;
  readonly dryRun?: true;
}

export const sweepCommand = (run: Run) =>
  new Command('sweep')
    .description('repair what events missed: environments that are missing, left over, or behind')
    .addOption(repeatable('--repository <owner/name>', 'look at this application repository alone'))
    .option('--application <name>', 'of this application only')
    .option('--refresh', 'render again what only newer charts or configuration would change')
    .option('--max <number>', 'render at most so many environments', '20')
    .option('--allow-removals <number>', 'let so many removals through, whatever limits.removals says')
    .option('--dry-run', 'say what would be done, and do nothing')
    .action((options, command) => run(command, (context) => runSweep(options, context)));

/** Also what `reconcile` does on a scheduled or manual event. */
export async function runSweep(flags: SweepFlags, context: Context): Promise<Presentation> {
  const max = wholeNumber('--max', flags.max ?? '20');
  const allowRemovals =
    flags.allowRemovals === undefined ? undefined : wholeNumber('--allow-removals', flags.allowRemovals);
  const config = configuration(context, 'none');
  const repositories = await repositoriesOf(flags, config, context);
  const application = flags.application === undefined ? undefined : applicationIn(config, flags.application).name;
  const swept = await inSession(config, context, {
    options: flags.dryRun === true ? { dryRun: true } : {},
    work: (session) => {
      const { host } = session.forge;
      const foreignCharts = foreignChartsOf(config, host);
      const { clock, repository } = session.line;
      const looking = { ...session, line: { ...session.line, looks: 'once' as const } }; // a teardown that lasts holds nobody up
      return sweep(
        {
          max,
          ...(repositories !== undefined && { repositories }),
          ...(application !== undefined && { application }),
          ...(flags.refresh && { refresh: true }),
          ...(allowRemovals !== undefined && { allowRemovals }),
        },
        {
          config,
          host,
          clock,
          repository,
          reconcile: (item) => reconcileItem(item, looking),
          ...(foreignCharts !== undefined && { foreignCharts }),
        },
      );
    },
  });
  return present(swept, context);
}

/** In CI the job's own repository, unless told. */
async function repositoriesOf(
  { repository: given = [] }: SweepFlags,
  config: Config,
  { io }: Context,
): Promise<readonly RepositoryName[] | undefined> {
  if (given.length > 0) return given.map((name) => known(config, repositoryName(name)));
  if (detect(io.environment) === undefined) return undefined;
  const event = await readCiEvent(io);
  const own = event.kind === 'pull-request' ? event.ref.repository : event.repository;
  return own === undefined ? undefined : [known(config, own)];
}

function present({ outcomes, failures, passedOver, foreign, left }: Swept, { io, note }: Context): Presentation {
  for (const { id, why } of passedOver) note(`not looked at: ${printId(id)}: ${oneLine(why)}`);
  for (const { name, why } of foreign) note(`not rendered here: ${name}: ${oneLine(why)}`);
  if (left.length > 0) note(`left for the next sweep (--max): ${left.join(', ')}`);
  for (const { name, error } of failures) note(`${name}:\n${presentError(error).text}`);
  const presentation = presentOutcomes(outcomes, io.clock.now());
  const codes = [presentation.exitCode, ...failures.map(({ error }) => presentError(error).exitCode)];
  return {
    ...presentation,
    data: {
      ...presentation.data,
      failures: failures.map(({ name, error }) => ({ name, ...failureData(error) })),
      notLookedAt: passedOver.map(({ id, why }) => ({ environment: printId(id), why })),
      notRendered: foreign,
      left,
    },
    text: outcomes.length === 0 ? 'nothing to do' : presentation.text,
    exitCode: codes.filter((code) => code !== 0).sort((a, b) => a - b)[0] ?? 0,
  };
}

const failureData = (error: unknown) =>
  isBivouacError(error)
    ? { code: error.code, message: error.message }
    : { code: 'InternalError', message: error instanceof Error ? error.message : String(error) };

function wholeNumber(flag: string, text: string): number {
  if (/^[0-9]{1,6}$/.test(text)) return Number(text);
  throw userError('InvalidFlag', `${flag} ${text} is no whole number`, {
    where: flag,
    remedy: `Give a number such as ${flag} 20.`,
  });
}
