import { labels as names } from '../labels.js';
import type { Gate } from './gate.js';

export const botGate: Gate = ({ pullRequest, application, labels }) =>
  pullRequest.author.bot && !application.pullRequests.bots && !labels.on
    ? {
        reason: 'Bot',
        message: `The pull request's author is a bot, and bots get no environment here. Label it ${names.on} to have one.`,
      }
    : undefined;
