import { existsSync } from 'node:fs';
import type { Config } from '../../config/config.js';
import { isCi } from '../../config/environment.js';
import { detect } from '../../events/event.js';
import { directoryOf, printId } from '../../model/names.js';
import type { Context } from '../context.js';
import { assertForgeSupported, hasForgeCredential } from '../forge.js';
import { recordsOf, type StoredEntry } from '../stored.js';
import { refuseForkCheckout } from '../trust.js';
import { configuration, forgeOf, gitopsOf, isLocal } from '../wire.js';
import { examineCharts } from './charts.js';
import { type Finding, finding, ok, problem, skipped } from './finding.js';
import { examineInstalled } from './installed.js';
import { examineWorkflows } from './workflows.js';

/** Everything that must be right before a job can run, each on its own: one problem hides no other. */
export async function examine(context: Context): Promise<readonly Finding[]> {
  const { io } = context;
  const here = [ok('node', process.version), system(context), ...variables(context)];
  const untrusted = await finding('checkout', () => refuseForkCheckout(context).then(() => []));
  if (untrusted.length > 0) return [...here, ...untrusted]; // nothing in it is read, let alone run
  let config: Config | undefined;
  const configured = await finding('configuration', async () => {
    config = configuration(context, isCi(io.environment) ? 'none' : 'embedded');
    return Promise.resolve(config.file === undefined ? noConfiguration : ok('configuration', config.file));
  });
  if (config === undefined) return [...here, ...configured];
  const known = config;
  let entries: readonly StoredEntry[] | undefined;
  const gitops = await finding('GitOps repository', () => repository(known, context, (found) => (entries = found)));
  return [
    ...here,
    ...configured,
    ...gitops,
    ...(await finding('code host', () => codeHost(known, context))),
    ...(await examineInstalled(known, entries, context)),
    ...(await finding('workflows', () => examineWorkflows(known, context))),
    ...(await examineCharts(known, context)),
  ];
}

/** The trial's own is looked at in its place. */
const noConfiguration: Finding = {
  ...skipped('configuration', 'no bivouac.yaml here or in a folder above: this is about the embedded default'),
  remedy: 'Go where yours lies, give --config FILE, or start one: bivouac init platform.',
};

function system({ io }: Context): Finding {
  const found = detect(io.environment);
  if (found === undefined) return skipped('CI system', 'none detected: pull requests are named by --pull-request');
  return ok('CI system', `${found.name}${found.payloadPath === undefined ? '' : `, event in ${found.payloadPath}`}`);
}

/** Names only: a value may be a secret. */
const variables = ({ io }: Context): readonly Finding[] =>
  Object.keys(io.environment)
    .filter((name) => name.startsWith('BIVOUAC_') && io.environment[name] !== '')
    .sort()
    .map((name) => ok('variable', `${name} is set`));

async function repository(
  config: Config,
  context: Context,
  tell: (entries: readonly StoredEntry[]) => void,
): Promise<readonly Finding[]> {
  const open = await gitopsOf(config, context);
  try {
    const entries = await recordsOf(open);
    tell(entries);
    const { repository: url, branch } = config.gitops;
    const broken = entries.flatMap(({ id, read }) =>
      read.kind === 'record'
        ? []
        : [
            read.kind === 'newer'
              ? problem('record', `${printId(id)} was written by a newer Bivouac`, 'Update this one.')
              : problem(
                  'record',
                  `${directoryOf(id)}/environment.json: ${read.problem}`,
                  'Repair or remove it: Argo CD can’t read it either, and then stands still.',
                ),
          ],
    );
    const isMissing = isLocal(config) && !existsSync(url);
    const holds = isMissing ? 'not there yet, the first push makes it' : count(entries.length, 'environment');
    return [ok('GitOps repository', `${url}, branch ${branch}: ${holds}`), ...broken];
  } finally {
    await open.close();
  }
}

async function codeHost(config: Config, context: Context): Promise<readonly Finding[]> {
  assertForgeSupported(config);
  if (isLocal(config) && !hasForgeCredential(context.io.environment))
    return [skipped('code host', 'local trial without a token: nobody is asked')];
  const { host } = await forgeOf(config, context);
  const names = [
    ...new Set([...config.applications.values()].flatMap(({ repositories }) => repositories.map(({ name }) => name))),
  ];
  const found = await Promise.all(
    names.map((name) =>
      finding('code host', async () =>
        ok('code host', `${name}: ${count((await host.listOpen(name)).length, 'open pull request')}`),
      ),
    ),
  );
  return found.flat();
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
