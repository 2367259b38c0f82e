import type { Approval, PullRequest } from '../model/pull-request.js';

/** By id, since names can be given away; a deleted head repository (or one we may not see) counts as a fork. */
export const isFork = ({ repositoryId, headRepositoryId }: PullRequest): boolean => headRepositoryId !== repositoryId;

const mayApprove: readonly Approval['permission'][] = ['write', 'maintain', 'admin'];

/** Whether somebody with write permission now approved exactly this head commit: a push voids it. */
export const isApproved = ({ headSha }: PullRequest, approvals: readonly Approval[]): boolean =>
  approvals.some(({ commit, permission }) => {
    const named = commit.toLowerCase();
    return mayApprove.includes(permission) && /^[0-9a-f]{12,64}$/.test(named) && headSha.startsWith(named);
  });
