import { isBivouacError } from '../../model/errors.js';
import { type Approval, printPullRequest, type PullRequestRef, type RepositoryName } from '../../model/pull-request.js';
import type { Answer } from './answer.js';
import { type Api, slugOf } from './api.js';

const command = /^ {0,3}\/bivouac[ \t]+approve[ \t]+([0-9a-f]{12,64})[ \t]*$/i;

/**
 * The commits that a comment approves: each command is a line of its own, neither quoted nor in a code block nor hidden in
 * an HTML comment.
 */
export const approvedCommits = (body: string): readonly string[] => {
  const found: string[] = [];
  let fence: string | undefined;
  let quoted = false;
  for (const line of body.replace(/<!--[\s\S]*?(?:-->|$)/g, '').split(/\r\n|\r|\n/)) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence !== undefined) {
      if (mark !== undefined && mark.startsWith(fence)) fence = undefined;
      continue;
    }
    if (mark !== undefined) fence = mark;
    // a quote goes on until an empty line, `>` or not
    quoted = line.trim() !== '' && (quoted || /^ {0,3}>/.test(line));
    const commit = quoted ? undefined : command.exec(line)?.[1];
    if (commit !== undefined) found.push(commit.toLowerCase());
  }
  return found;
};

/** Approvals by people, in comments that nobody edited, with each author's permission now. */
export const readApprovals = async (api: Api, ref: PullRequestRef): Promise<readonly Approval[]> => {
  const question = { what: `comments of pull request ${printPullRequest(ref)}` };
  const call = {
    route: 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
    parameters: { ...slugOf(ref.repository), issue_number: ref.number },
  };
  const claims = (await api.askAll(call, question)).filter(isByAPerson).flatMap(claimsOf);
  const permissions = new Map<string, Approval['permission']>();
  for (const { by } of claims)
    if (!permissions.has(by)) permissions.set(by, await permissionOf(api, ref.repository, by));
  return claims.map((claim) => ({ ...claim, permission: permissions.get(claim.by) ?? 'none' }));
};

const isByAPerson = (comment: Answer): boolean =>
  comment.maybe('user') !== undefined &&
  comment.text('user.type') === 'User' &&
  comment.text('created_at') === comment.text('updated_at');

const claimsOf = (comment: Answer) =>
  approvedCommits(comment.maybe('body') === undefined ? '' : comment.text('body')).map((commit) => ({
    by: comment.text('user.login'),
    commit,
  }));

const roles = ['read', 'triage', 'write', 'maintain', 'admin', 'none'] as const;

/** `permission` folds maintain into write and triage into read; `role_name` doesn't, but may be a name of the organization's own. */
const permissionOf = async (
  api: Api,
  repository: RepositoryName,
  username: string,
): Promise<Approval['permission']> => {
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
