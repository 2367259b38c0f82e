import { ownLines } from '../../model/comment-lines.js';
import { type Approval, printPullRequest, type PullRequestRef } from '../../model/pull-request.js';
import type { Permission } from '../port.js';
import type { Answer } from './answer.js';
import { type Api, slugOf } from './api.js';

const command = /^ {0,3}\/bivouac[ \t]+approve[ \t]+([0-9a-f]{40}|[0-9a-f]{64})[ \t]*$/i;

/** The commits that a comment approves, by their whole ids: each command is a line of its own. */
export const approvedCommits = (body: string): readonly string[] =>
  ownLines(body).flatMap((line) => command.exec(line)?.[1]?.toLowerCase() ?? []);

/** Approvals by people, in comments that nobody edited, with each author's permission now. */
export const readApprovals = async (
  api: Api,
  ref: PullRequestRef,
  permissionOf: (login: string) => Promise<Permission>,
): Promise<readonly Approval[]> => {
  const question = { what: `comments of pull request ${printPullRequest(ref)}` };
  const call = {
    route: 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
    parameters: { ...slugOf(ref.repository), issue_number: ref.number },
  };
  const claims = (await api.askAll(call, question)).filter(isByAPerson).flatMap(claimsOf);
  const permissions = new Map<string, Permission>();
  for (const { by } of claims) if (!permissions.has(by)) permissions.set(by, await permissionOf(by));
  return claims.map((claim) => ({ ...claim, permission: permissions.get(claim.by) ?? 'none' }));
};

/** Only GitHub tells accounts of programs apart. */
const isByAPerson = (comment: Answer): boolean =>
  comment.maybe('user') !== undefined &&
  (comment.maybe('user.type')?.value ?? 'User') === 'User' &&
  comment.text('created_at') === comment.text('updated_at');

const claimsOf = (comment: Answer) =>
  approvedCommits(comment.maybe('body') === undefined ? '' : comment.text('body')).map((commit) => ({
    by: comment.text('user.login'),
    commit,
  }));
