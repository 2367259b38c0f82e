import type { Approval, PullRequest } from '../model/pull-request.js';

/** By id, since names can be given away; a deleted head repository (or one we may not see) counts as a fork. */
export const isFork = ({ repositoryId, headRepositoryId }: PullRequest): boolean => headRepositoryId !== repositoryId;

const writing: readonly Approval['permission'][] = ['write', 'maintain', 'admin'];

/** Whether somebody may write, which is what approvals and commands take. */
export const mayWrite = (permission: Approval['permission']): boolean => writing.includes(permission);

/**
 * Whether somebody with write permission now approved exactly this head commit, by its whole id: a push voids it. Of a part of it, its
 * author could make another commit (docs/adr/0011).
 */
export const isApproved = ({ headSha }: PullRequest, approvals: readonly Approval[]): boolean =>
  approvals.some(({ commit, permission }) => mayWrite(permission) && commit.toLowerCase() === headSha.toLowerCase());
