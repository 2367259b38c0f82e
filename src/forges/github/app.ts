import { createAppAuth } from '@octokit/auth-app';
import type { Octokit } from '@octokit/rest';
import { createPrivateKey } from 'node:crypto';
import { isBivouacError, refusedError, userError } from '../../model/errors.js';
import { type Api, placeOfRequest } from '../rest/api.js';
import type { RequestPlace } from '../rest/call.js';
import type { Identity } from '../rest/identity.js';

/** A GitHub App's id, and its private key in PEM. */
export interface AppCredentials {
  readonly id: string;
  readonly privateKey: string;
}

/**
 * Signs each request of `client` with a token of the App's installation at the repository's owner: minted when the first one needs it,
 * kept for a minute less than the hour that it lives, then minted anew. Requests about no repository bear the App's own signature.
 * `unsigned`: another client of the same origin, through which tokens are asked for. @throws UserError InvalidPrivateKey
 */
export const actAsApp = (client: Octokit, unsigned: Octokit, credentials: AppCredentials): void => {
  const auth = createAppAuth({
    appId: credentials.id,
    privateKey: pemOf(credentials.privateKey),
    request: unsigned.request,
    log: unsigned.log,
  });
  const installations = new Map<string, Promise<number>>();

  const findInstallation = async ({ owner, repo }: RequestPlace): Promise<number> => {
    const { token } = await auth({ type: 'app' });
    const headers = { authorization: `bearer ${token}` };
    const route = 'GET /repos/{owner}/{repo}/installation';
    return (await unsigned.request(route, { owner, repo, headers })).data.id;
  };
  const installationOf = (place: RequestPlace): Promise<number> => {
    const known = installations.get(place.owner) ?? findInstallation(place);
    installations.set(place.owner, known);
    known.catch(() => installations.delete(place.owner)); // it may be installed by the next time
    return known;
  };
  const tokenFor = async (place: RequestPlace | undefined): Promise<string> => {
    if (place === undefined) return (await auth({ type: 'app' })).token;
    const known = installations.get(place.owner);
    try {
      return await mint(place).catch((error: unknown) => {
        if (known === undefined || !isNotFound(error)) throw error;
        // installed anew, an App has another id there
        if (installations.get(place.owner) === known) installations.delete(place.owner);
        return mint(place);
      });
    } catch (error) {
      throw refusalOf(error, place);
    }
  };
  const mint = async (place: RequestPlace): Promise<string> =>
    (await auth({ type: 'installation', installationId: await installationOf(place) })).token;

  client.hook.before('request', async (options) => {
    options.headers.authorization = `bearer ${await tokenFor(placeOfRequest(options))}`;
  });
};

/** An App writes as `slug[bot]`. */
export const readAppIdentity = async (api: Api): Promise<Identity> => {
  const app = await api.ask({ route: 'GET /app', parameters: {} }, { what: 'the GitHub App' });
  return { login: `${app.text('slug')}[bot]` };
};

/** GitHub hands out PKCS#1, others PKCS#8; a variable of one line has `\n` for its line ends. */
const pemOf = (text: string): string => {
  try {
    return createPrivateKey(text.replaceAll('\\n', '\n')).export({ type: 'pkcs8', format: 'pem' }).toString();
  } catch {
    throw userError('InvalidPrivateKey', 'BIVOUAC_PRIVATE_KEY is no private key in PEM', {
      where: 'BIVOUAC_PRIVATE_KEY',
      remedy: 'Set it to the whole file that GitHub gave for the App, with its first and last line.',
    });
  }
};

const isNotFound = (error: unknown): boolean => error instanceof Error && 'status' in error && error.status === 404;

const refusalOf = (error: unknown, { owner }: RequestPlace): unknown => {
  if (isBivouacError(error) || !(error instanceof Error) || !('status' in error)) return error;
  if (error.status === 404)
    return refusedError('AppNotInstalled', `the GitHub App isn’t installed at ${owner}, or not for this repository`, {
      where: owner,
      remedy: 'Install it there: on GitHub, in the App’s settings under “Install App”.',
      cause: error,
    });
  if (error.status === 401)
    return refusedError('CodeHostUnauthorized', 'GitHub refuses the App’s signature', {
      remedy: 'Check BIVOUAC_APP_ID and BIVOUAC_PRIVATE_KEY, and this machine’s clock.',
    });
  return error;
};
