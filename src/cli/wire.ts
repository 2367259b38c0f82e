import { isAbsolute, join, resolve } from 'node:path';
import type { Config } from '../config/config.js';
import { embeddedConfig } from '../config/embedded.js';
import { assertNoCdk8sVariables, gitEnvironment, gitRungOf, isCi, secretsOf } from '../config/environment.js';
import { findConfig, loadConfig } from '../config/load.js';
import type { Feedback } from '../feedback/port.js';
import type { CodeHost, Labels } from '../forges/port.js';
import type { GitOpsRepository } from '../gitops/port.js';
import { userError } from '../model/errors.js';
import type { Context } from './context.js';
import { atInterrupt } from './interrupt.js';
import type { Io } from './io.js';
import { oneLine } from './redact.js';
import { refuseForkCheckout } from './trust.js';

/** Whether a command may run on the embedded default where no configuration is found. */
export type Fallback = 'embedded' | 'none';

/** The configuration that counts here: `--config`, then what lies on the way up to the Git root, then the embedded default. */
export function configuration({ io, globals, note, detail }: Context, fallback: Fallback): Config {
  const file = findConfig(io.cwd, globals.config === undefined ? undefined : resolve(io.cwd, globals.config));
  if (file !== undefined) {
    detail(`configuration: ${file}`);
    return loadConfig(file);
  }
  if (fallback === 'none' || isCi(io.environment))
    throw userError('ConfigNotFound', 'no bivouac.yaml here or in a folder above, up to the Git root', {
      where: io.cwd,
      remedy: 'Run it where bivouac.yaml lies, or give --config FILE.',
    });
  const gitopsRepository = join(io.cwd, '.bivouac', 'gitops.git');
  note(`no bivouac.yaml found: using the embedded default (application shop, GitOps repository .bivouac/gitops.git)`);
  return embeddedConfig({ packageDirectory: io.packageDirectory, gitopsRepository });
}

/** A path instead of a URL: trials on one machine, without credentials and without a code host. */
export const isLocal = ({ gitops }: Config): boolean => isAbsolute(gitops.repository);

/** The GitOps repository; its token is needed for a URL over HTTPS alone. @throws UserError CredentialMissing; PolicyError UntrustedCharts */
export async function gitopsOf(config: Config, context: Context): Promise<GitOpsRepository> {
  const { io } = context;
  await refuseForkCheckout(context);
  const { openGitRepository } = await import('../gitops/git/repository.js');
  const { gitopsToken } = secretsOf(io.environment);
  const { repository: url, branch } = config.gitops;
  const rung = gitRungOf(io.environment);
  if (url.startsWith('https:') && gitopsToken === undefined && isCi(io.environment))
    throw userError('CredentialMissing', 'BIVOUAC_GITOPS_TOKEN is not set', {
      where: 'environment',
      remedy: `Give the job a token with contents: write on ${url} and on nothing else.`,
    });
  const open = openGitRepository({
    url,
    branch,
    environment: gitEnvironment(io.environment),
    identity: { name: 'Bivouac', email: 'bivouac@users.noreply.github.com' },
    ...(isLocal(config) && { create: true }),
    ...(gitopsToken !== undefined && { token: gitopsToken }),
    ...(rung !== undefined && { rung }),
  });
  const forget = await atInterrupt(() => open.close());
  return { ...open, close: () => open.close().finally(forget) };
}

/** A local trial without a token: nobody is asked, and there is no credential to keep from anyone. */
export const isRehearsal = (config: Config, { environment }: Io): boolean =>
  isLocal(config) && !isCi(environment) && secretsOf(environment).githubToken === undefined;

export interface Forge {
  readonly host: CodeHost;
  readonly labels: Labels;
  /** Absent: nobody to tell. */
  readonly feedback?: Feedback;
}

/** The code host; in a local trial without a token one that takes every pull request as open. @throws UserError ForgeUnsupported, CredentialMissing */
export async function forgeOf(
  config: Config,
  context: Context,
  rehearsal: { readonly headSha?: string } = {},
): Promise<Forge> {
  const { io, note } = context;
  const { githubToken } = secretsOf(io.environment);
  if (isRehearsal(config, io)) {
    const { rehearsalHost } = await import('../forges/rehearsal/host.js');
    note(`local trial: ${config.forge.url} is not asked; a pull request is taken as open`);
    const host = rehearsalHost({ ...rehearsal, labelsFile: `${config.gitops.repository}.labels.json` });
    return { host, labels: host };
  }
  if (config.forge.kind !== 'github')
    // GitHub's token would go to that host
    throw userError(
      'ForgeUnsupported',
      `this version reads pull requests from GitHub alone, not from ${config.forge.kind}`,
      {
        where: 'forge.kind',
        remedy: 'Set forge.kind to github.',
      },
    );
  if (githubToken === undefined)
    throw userError('CredentialMissing', 'neither BIVOUAC_GITHUB_TOKEN nor GITHUB_TOKEN is set', {
      where: 'environment',
      remedy: 'In GitHub Actions: env: { GITHUB_TOKEN: ${{ github.token }} } with pull-requests: write.',
    });
  const { gitHub } = await import('../forges/github/github.js');
  const apiUrl = io.environment.GITHUB_API_URL;
  const host = gitHub({
    url: config.forge.url,
    token: githubToken,
    environment: io.environment,
    log: (text) => context.detail(oneLine(text)),
    ...(apiUrl !== undefined && apiUrl !== '' && { apiUrl }),
  });
  return { host, labels: host, ...(config.feedback.comment && { feedback: host }) };
}

/** How charts are made into components. Whatever a chart prints goes to stderr: stdout holds results alone. */
export async function chartsOf(config: Config, context: Context) {
  assertNoCdk8sVariables(context.io.environment);
  const { error } = console;
  Object.assign(console, { log: error, info: error, debug: error });
  const { chartLoader } = await import('../synth/loader/loader.js');
  return chartLoader({ config, packageDirectory: context.io.packageDirectory, note: context.note });
}
