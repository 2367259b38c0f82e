import { isBivouacError } from '../../model/errors.js';
import type { Api } from '../rest/api.js';
import type { Identity } from '../rest/identity.js';

/** The author of what a workflow's own token writes. */
const actions: Identity = { login: 'github-actions[bot]' };

/**
 * Who we are: `GET /user` for a person's token. An installation's token (a workflow's GITHUB_TOKEN, an App's) gets 403
 * there, but may ask GraphQL for its `viewer`.
 */
export const readIdentity = async (api: Api): Promise<Identity> => {
  try {
    const user = await api.ask({ route: 'GET /user', parameters: {} }, { what: 'user of the token' });
    return { login: user.text('login'), id: user.number('id') };
  } catch (error) {
    if (!isForbidden(error)) throw error;
    return readViewer(api);
  }
};

const readViewer = async (api: Api): Promise<Identity> => {
  const parameters = { query: '{ viewer { login databaseId } }' };
  const answer = await api
    .ask({ route: `POST ${api.graphql}`, parameters }, { what: 'user of the token' })
    .catch((error: unknown) => {
      if (isForbidden(error)) return undefined;
      throw error;
    });
  if (answer?.maybe('data.viewer.login') === undefined) return actions;
  return { login: answer.text('data.viewer.login'), id: answer.number('data.viewer.databaseId') };
};

const isForbidden = (error: unknown): boolean =>
  isBivouacError(error) && ['CodeHostForbidden', 'CodeHostNotFound'].includes(error.code);
