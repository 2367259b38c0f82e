import type { Config } from '../config/config.js';
import { type Environment, type Secrets, secretsOf } from '../config/environment.js';
import type { Feedback } from '../feedback/port.js';
import type { CodeHost, Conversation, Labels } from '../forges/port.js';
import { userError } from '../model/errors.js';
import type { Context } from './context.js';
import { oneLine } from './redact.js';

/** A code host as its adapter gives it: one object for almost everything. */
type Connected = CodeHost & Labels & Feedback & { readonly conversation: Conversation };

/** Whether anything is set by which a code host could be asked. */
export const hasForgeCredential = (environment: Environment): boolean => {
  const { githubToken, giteaToken, appId, privateKey } = secretsOf(environment);
  return [githubToken, giteaToken, appId, privateKey].some((secret) => secret !== undefined);
};

/** The code host that `forge` names. One's token never goes to another. @throws UserError ForgeUnsupported, CredentialMissing */
export async function connectForge({ forge }: Pick<Config, 'forge'>, context: Context): Promise<Connected> {
  assertForgeSupported({ forge });
  return forge.kind === 'gitea' ? connectGitea(forge.url, context) : connectGitHub(forge.url, context);
}

/** @throws UserError ForgeUnsupported */
export function assertForgeSupported({ forge }: Pick<Config, 'forge'>): void {
  if (forge.kind === 'github' || forge.kind === 'gitea') return;
  throw userError(
    'ForgeUnsupported',
    `this version reads pull requests from GitHub and Gitea, not from ${forge.kind}`,
    {
      where: 'forge.kind',
      remedy: 'Set forge.kind to github or gitea.',
    },
  );
}

async function connectGitHub(url: string, context: Context): Promise<Connected> {
  const { environment } = context.io;
  const secrets = secretsOf(environment);
  const app = appOf(secrets);
  if (app === undefined && secrets.githubToken === undefined)
    throw userError('CredentialMissing', 'neither BIVOUAC_GITHUB_TOKEN nor GITHUB_TOKEN is set', {
      where: 'environment',
      data: { lacks: 'github' },
      remedy:
        'In GitHub Actions: env: { GITHUB_TOKEN: ${{ github.token }} } with pull-requests: write. By hand: export BIVOUAC_GITHUB_TOKEN=… with the same permission.',
    });
  const { gitHub } = await import('../forges/github/github.js');
  const apiUrl = environment['GITHUB_API_URL'] ?? '';
  return gitHub({
    ...{ url, environment, log: logOf(context) },
    ...(app !== undefined ? { app } : { token: secrets.githubToken! }),
    ...(apiUrl !== '' && { apiUrl }),
  });
}

/** A GitHub App, when one is given, goes before a token: a job has one of its own. @throws UserError CredentialMissing */
function appOf({ appId, privateKey }: Secrets): { readonly id: string; readonly privateKey: string } | undefined {
  if (appId === undefined && privateKey === undefined) return undefined;
  if (appId !== undefined && privateKey !== undefined) return { id: appId, privateKey };
  const missing = appId === undefined ? 'BIVOUAC_APP_ID' : 'BIVOUAC_PRIVATE_KEY';
  throw userError('CredentialMissing', `a GitHub App needs ${missing} too`, {
    where: missing,
    remedy: 'Set both of BIVOUAC_APP_ID and BIVOUAC_PRIVATE_KEY, or neither.',
  });
}

async function connectGitea(url: string, context: Context): Promise<Connected> {
  const { giteaToken } = secretsOf(context.io.environment);
  if (giteaToken === undefined)
    throw userError('CredentialMissing', 'BIVOUAC_GITEA_TOKEN is not set', {
      where: 'environment',
      remedy: 'Set it to a token with the scopes write:repository, write:issue and read:user (docs/guides/gitea.md).',
    });
  const { gitea } = await import('../forges/gitea/gitea.js');
  return gitea({ url, token: giteaToken, log: logOf(context) });
}

const logOf =
  ({ detail }: Context) =>
  (text: string): void =>
    detail(oneLine(text));
