import type { PullRequestRules } from '../../config/config.js';
import { compileGlobs } from '../../model/glob.js';
import { labels as names } from '../labels.js';
import { incomplete } from '../question.js';
import { listed, quote } from '../text.js';
import type { Gate } from './gate.js';

/** Whether a decision needs the paths that a pull request changes. */
export const needsChangedFiles = ({ paths }: PullRequestRules): boolean => !paths.includes('**');

export const pathsGate: Gate = ({ pullRequest, application, labels }) => {
  const { pullRequests } = application;
  if (labels.on || !needsChangedFiles(pullRequests)) return undefined;
  if (pullRequest.changedFiles === undefined)
    throw incomplete('no changed files, and pullRequests.paths asks for some');
  if (pullRequest.changedFiles.some(compileGlobs(pullRequests.paths))) return undefined;
  return {
    reason: 'Paths',
    message: `The pull request changes nothing below ${listed(pullRequests.paths.map(quote))}. Label it ${names.on} to have an environment all the same.`,
  };
};
