import { compileGlobs } from '../../model/glob.js';
import { listed, quote } from '../text.js';
import type { Gate } from './gate.js';

/** The one gate beside the fork's that `bivouac:on` doesn't open: the platform says which branches have environments. */
export const baseBranchGate: Gate = ({ pullRequest, application }) => {
  const { baseBranches } = application.pullRequests;
  if (compileGlobs(baseBranches)(pullRequest.baseBranch)) return undefined;
  return {
    reason: 'BaseBranch',
    message: `The pull request goes into ${quote(pullRequest.baseBranch)}, and only those into ${listed(baseBranches.map(quote))} get an environment. Change its base branch to have one.`,
  };
};
