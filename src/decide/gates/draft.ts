import { labels as names } from '../labels.js';
import type { Gate } from './gate.js';

export const draftGate: Gate = ({ pullRequest, application, labels }) =>
  pullRequest.draft && !application.pullRequests.drafts && !labels.on
    ? {
        reason: 'Draft',
        message: `The pull request is a draft. Mark it ready for review, or label it ${names.on}.`,
      }
    : undefined;
