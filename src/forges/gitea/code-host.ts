import { isBivouacError } from '../../model/errors.js';
import type { FileAtCommit } from '../../model/pull-request.js';
import type { CodeHost } from '../port.js';
import { type Api, slugOf } from '../rest/api.js';
import { readApprovals } from '../rest/approvals.js';
import { compareWithBranch, resolveRef } from '../rest/commits.js';
import { readFile } from '../rest/file.js';
import { listOpenPullRequests, readChangedFiles, readPullRequest } from '../rest/pulls.js';
import { readPermission } from './permission.js';

const commitRoute = 'GET /repos/{owner}/{repo}/git/commits/{ref}';

/** Pull requests as Gitea has them now. Whatever can't be read throws. */
export const createCodeHost = (api: Api): CodeHost => ({
  read: (ref) => readPullRequest(api, ref),
  changedFiles: (ref) => readChangedFiles(api, ref),
  listOpen: (repository) => listOpenPullRequests(api, repository, { sort: 'oldest' }),
  readFile: (at) => readFile(api, at, (error) => absentFile(api, at, error)),
  resolve: (repository, ref) => resolveRef(api, { repository, ref }, commitRoute),
  approvals: (ref) => readApprovals(api, ref, (login) => readPermission(api, ref.repository, login)),
  // it has no word for it: the branch lacks none of the commit's history
  isOnBranch: (at) => compareWithBranch(api, at, (answer) => answer.number('total_commits') === 0),
  permission: (repository, login) => readPermission(api, repository, login),
});

/** Gitea says 404 of a file and of a commit in words that change: the commit itself is asked for. */
const absentFile = async (api: Api, { repository, commit }: FileAtCommit, error: unknown): Promise<undefined> => {
  if (!isBivouacError(error) || error.code !== 'CodeHostNotFound') throw error;
  const parameters = { ...slugOf(repository), ref: commit };
  await api.ask({ route: commitRoute, parameters }, { what: `commit ${commit.slice(0, 7)} of ${repository}` });
  return undefined;
};
