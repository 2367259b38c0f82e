import { isAbsolute, join, resolve } from 'node:path';
import type { Config } from '../config/config.js';
import { embeddedConfig } from '../config/embedded.js';
import {
  assertNoCdk8sVariables,
  gitEnvironment,
  gitRungOf,
  isCi,
  kubeconfigOf,
  secretsOf,
} from '../config/environment.js';
import { findConfig, loadConfig } from '../config/load.js';
import type { Controller } from '../controllers/port.js';
import type { Feedback } from '../feedback/port.js';
import type { CodeHost, Conversation, Labels } from '../forges/port.js';
import type { GitOpsRepository } from '../gitops/port.js';
import { userError } from '../model/errors.js';
import { lookingBothWays } from '../wait/both.js';
import type { Context } from './context.js';
import { connectForge, hasForgeCredential } from './forge.js';
import { atInterrupt } from './interrupt.js';
import type { Io } from './io.js';
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
  isLocal(config) && !isCi(environment) && !hasForgeCredential(environment);

export interface Forge {
  readonly host: CodeHost;
  readonly labels: Labels;
  /** Absent: nobody to tell. */
  readonly feedback?: Feedback;
  /** Absent: nobody writes comments. */
  readonly conversation?: Conversation;
}

/** The code host; in a local trial without a token one that takes every pull request as open. @throws UserError ForgeUnsupported, CredentialMissing */
export async function forgeOf(
  config: Config,
  context: Context,
  rehearsal: { readonly headSha?: string } = {},
): Promise<Forge> {
  const { io, note } = context;
  if (isRehearsal(config, io)) {
    const { rehearsalHost } = await import('../forges/rehearsal/host.js');
    note(`local trial: ${config.forge.url} is not asked; a pull request is taken as open`);
    const host = rehearsalHost({ ...rehearsal, labelsFile: `${config.gitops.repository}.labels.json` });
    return { host, labels: host };
  }
  await refuseForkCheckout(context);
  const host = await connectForge(config, context);
  return { host, labels: host, feedback: host, conversation: host.conversation };
}

/**
 * What shows the cluster: Argo CD's API where its address and a token are given, the cluster where KUBECONFIG names one; with both, the API
 * says what is ready and the cluster what is left. Undefined: nobody can look. Nothing is asked yet. @throws UserError KubeconfigInvalid
 */
export async function controllerOf(config: Config, context: Context): Promise<Controller | undefined> {
  const { io } = context;
  await refuseForkCheckout(context);
  const { api, kubeconfig } = waysToLook(config, io);
  const { clock } = io;
  const first = api && (await import('../controllers/argocd/api.js')).openArgoCdApi({ ...api, clock });
  if (kubeconfig === undefined) return first;
  const { openCluster } = await import('../controllers/kubernetes/client.js');
  const cluster = await openCluster({ kubeconfig });
  if (config.controller.kind === 'flux')
    return (await import('../controllers/flux/in-cluster.js')).openFluxInCluster(cluster);
  const second = (await import('../controllers/argocd/in-cluster.js')).openArgoCdInCluster(cluster, { clock });
  return first === undefined ? second : lookingBothWays(first, second);
}

/** Whether anybody can look at the cluster. @throws UserError InvalidSecret */
export const hasController = (config: Config, io: Io): boolean => {
  const { api, kubeconfig } = waysToLook(config, io);
  return api !== undefined || kubeconfig !== undefined;
};

/** Who looks at the cluster, in words. @throws UserError InvalidSecret */
export const lookerOf = (config: Config, io: Io): string => {
  const { api, kubeconfig } = waysToLook(config, io);
  const ways = [
    ...(api === undefined ? [] : [`Argo CD at ${api.url}`]),
    ...(kubeconfig === undefined ? [] : ['kubeconfig']),
  ];
  if (ways.length > 0) return ways.join(' and ');
  const { kind, url } = config.controller;
  if (kind === 'flux') return 'nobody: set KUBECONFIG';
  return `nobody: set ${url === undefined ? 'controller.url and ' : ''}BIVOUAC_ARGOCD_TOKEN, or KUBECONFIG`;
};

const waysToLook = ({ controller: { kind, url } }: Config, { environment }: Io) => {
  const { argocdToken: token } = secretsOf(environment);
  const api = kind === 'argocd' && url !== undefined && token !== undefined ? { url, token } : undefined;
  return { api, kubeconfig: kubeconfigOf(environment) };
};

/** How charts are made into components. Whatever a chart prints goes to stderr: stdout holds results alone. */
export async function chartsOf(config: Config, context: Context) {
  assertNoCdk8sVariables(context.io.environment);
  await refuseForkCheckout(context);
  const { error } = console;
  Object.assign(console, { log: error, info: error, debug: error });
  const { chartLoader } = await import('../synth/loader/loader.js');
  return chartLoader({ config, packageDirectory: context.io.packageDirectory, note: context.note });
}
