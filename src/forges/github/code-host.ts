import { isBivouacError } from '../../model/errors.js';
import type { CodeHost } from '../port.js';
import type { Api } from '../rest/api.js';
import { readApprovals } from '../rest/approvals.js';
import { compareWithBranch, resolveRef } from '../rest/commits.js';
import { readFile } from '../rest/file.js';
import { listOpenPullRequests, readChangedFiles, readPullRequest } from '../rest/pulls.js';
import { readPermission } from './permission.js';

/** GitHub names no more changed files than this. */
const fileLimit = 3000;

/** Pull requests as GitHub has them now. Whatever can't be read throws. */
export const createCodeHost = (api: Api): CodeHost => ({
  read: (ref) => readPullRequest(api, ref),
  changedFiles: (ref) => readChangedFiles(api, ref, fileLimit),
  listOpen: (repository) => listOpenPullRequests(api, repository, { sort: 'created', direction: 'asc' }),
  readFile: (at) => readFile(api, at, absentFile),
  resolve: (repository, ref) => resolveRef(api, { repository, ref }, 'GET /repos/{owner}/{repo}/commits/{ref}'),
  approvals: (ref) => readApprovals(api, ref, (login) => readPermission(api, ref.repository, login)),
  // compared with the branch, one of its commits is `behind` or `identical`
  isOnBranch: (at) => compareWithBranch(api, at, (answer) => ['behind', 'identical'].includes(answer.text('status'))),
  permission: (repository, login) => readPermission(api, repository, login),
});

/** GitHub says "Not Found" of a file and "No commit found" of a commit, which a fresh push may cause for a moment. */
const absentFile = (error: unknown): undefined => {
  const said = isBivouacError(error) && error.code === 'CodeHostNotFound' ? error.data['said'] : undefined;
  if (typeof said === 'string' && !/no commit found/i.test(said)) return undefined;
  throw error;
};
