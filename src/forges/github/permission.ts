import { isBivouacError } from '../../model/errors.js';
import type { RepositoryName } from '../../model/pull-request.js';
import type { Permission } from '../port.js';
import { type Api, slugOf } from '../rest/api.js';

const roles = ['read', 'triage', 'write', 'maintain', 'admin', 'none'] as const;

/** `permission` folds maintain into write and triage into read; `role_name` doesn't, but may be a name of the organization's own. */
export const readPermission = async (api: Api, repository: RepositoryName, username: string): Promise<Permission> => {
  const question = { what: `permission of ${username} on ${repository}` };
  const route = 'GET /repos/{owner}/{repo}/collaborators/{username}/permission';
  try {
    const answer = await api.ask({ route, parameters: { ...slugOf(repository), username } }, question);
    const role = answer.maybe('role_name')?.value;
    return (
      roles.find((known) => known === role) ?? roles.find((known) => known === answer.text('permission')) ?? 'none'
    );
  } catch (error) {
    if (isBivouacError(error) && error.code === 'CodeHostNotFound') return 'none'; // the account is gone
    throw error;
  }
};
