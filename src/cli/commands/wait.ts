import { Option } from '@commander-js/extra-typings';
import { causesSection, receiptSection } from '../../feedback/observed.js';
import { code, plain } from '../../feedback/markdown.js';
import { userError } from '../../model/errors.js';
import { directoryOf, type EnvironmentId, joinedName, printId } from '../../model/names.js';
import type { DeploymentState } from '../../model/outcome.js';
import { addressed, type PullRequestFlags } from '../arguments.js';
import type { Context, Run } from '../context.js';
import { environmentCommand } from '../environment-command.js';
import { expectationOf } from '../expectation.js';
import { type Observed, observationData, observationLines } from '../output/observed.js';
import type { Presentation } from '../output/presentation.js';
import { readRecordOf } from '../stored.js';
import { readTimeout, timeoutOption, waitReady, waitRemoved, watching, type Watching, watchOf } from '../waiting.js';
import { configuration, gitopsOf } from '../wire.js';

interface Options extends PullRequestFlags {
  readonly for?: 'ready' | 'removed';
  readonly timeout?: string;
}

export const waitCommand = (run: Run) =>
  environmentCommand(
    'wait',
    'wait until the cluster runs what Git holds of an environment, or until nothing is left of it',
  )
    .addOption(new Option('--for <state>', 'ready (unless given) or removed').choices(['ready', 'removed'] as const))
    .addOption(timeoutOption())
    .action((environment, options, command) => run(command, (context) => wait(environment, options, context)));

async function wait(environment: string | undefined, options: Options, context: Context): Promise<Presentation> {
  const timeoutMs = readTimeout(options.timeout);
  const config = configuration(context, 'embedded');
  const { id } = addressed(environment, options, config);
  const repository = await gitopsOf(config, context);
  try {
    const watch = watching(await watchOf(config, context, { repository, timeoutMs }));
    return present(id, options.for === 'removed' ? await removed(id, watch) : await ready(id, watch));
  } finally {
    await repository.close();
  }
}

interface Waited extends Observed {
  readonly for: 'ready' | 'removed';
  readonly url: string;
  readonly headSha: string;
}

async function ready(id: EnvironmentId, watch: Watching): Promise<Waited> {
  const { record } = readRecordOf(id, await watch.git.read([id]));
  const expectation = await expectationOf(id, watch.git);
  if (expectation === undefined)
    throw userError('NothingToRun', `${directoryOf(id)} holds no manifests`, {
      where: printId(id),
      remedy: 'Look who emptied it, and run reconcile.',
    });
  const { url, headSha } = record;
  return { for: 'ready', url, headSha, deployment: await waitReady(expectation, watch) };
}

async function removed(id: EnvironmentId, watch: Watching): Promise<Waited> {
  if ((await watch.git.read([id])).environments.has(printId(id)))
    throw userError('StillInGit', `Git still holds ${printId(id)}: nothing removes it`, {
      where: directoryOf(id),
      remedy: `Run bivouac down ${printId(id)} --wait, or close the pull request.`,
    });
  return { for: 'removed', url: '', headSha: '', ...(await waitRemoved({ id, objects: [] }, watch)) };
}

const exitCodes: Readonly<Record<DeploymentState, number>> = {
  ready: 0,
  removed: 0,
  'not-observed': 2,
  failed: 3,
  late: 5,
  superseded: 5,
};

const present = (id: EnvironmentId, { for: wanted, url, headSha, ...observed }: Waited): Presentation => {
  const { deployment, receipt } = observed;
  const facts = { environment: printId(id), name: joinedName(id), url, path: directoryOf(id), headSha };
  const says = receipt === undefined ? causesSection(deployment.causes) : receiptSection(receipt);
  return {
    data: { schemaVersion: '1', ...facts, for: wanted, ...observationData(observed) },
    text: [printId(id), ...observationLines(observed)].join('\n'),
    markdown: [`### ${code(printId(id))}: ${deployment.state}`, plain(deployment.message), says]
      .filter((part) => part !== '')
      .join('\n\n'),
    variables: {
      environment: facts.environment,
      name: facts.name,
      url,
      path: facts.path,
      head_sha: headSha,
      deployment: deployment.state,
    },
    exitCode: exitCodes[deployment.state],
  };
};
