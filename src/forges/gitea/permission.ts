import { isBivouacError } from '../../model/errors.js';
import type { RepositoryName } from '../../model/pull-request.js';
import type { Permission } from '../port.js';
import { type Api, slugOf } from '../rest/api.js';

/** Gitea's `owner` may do all that an administrator may. */
const levels: Readonly<Record<string, Permission>> = { owner: 'admin', admin: 'admin', write: 'write', read: 'read' };

/** Only an administrator of the repository may ask for others. */
export const readPermission = async (api: Api, repository: RepositoryName, username: string): Promise<Permission> => {
  const question = { what: `permission of ${username} on ${repository}` };
  const route = 'GET /repos/{owner}/{repo}/collaborators/{username}/permission';
  try {
    const answer = await api.ask({ route, parameters: { ...slugOf(repository), username } }, question);
    return levels[answer.text('permission')] ?? 'none';
  } catch (error) {
    if (isBivouacError(error) && error.code === 'CodeHostNotFound') return 'none'; // the account is gone
    throw error;
  }
};
