import { ignored, readCommentEvent, readPullRequestEvent } from './reading.js';
import type { WebhookAdapter } from './webhook.js';

const wording = {
  forge: 'github',
  actions: [
    ...['opened', 'reopened', 'synchronize', 'edited', 'closed'],
    ...['labeled', 'unlabeled', 'ready_for_review', 'converted_to_draft'],
  ],
  pushed: ['synchronize'],
} as const;

/** GitHub, github.com and Enterprise: `X-Hub-Signature-256: sha256=…`. */
export const githubWebhooks: WebhookAdapter = {
  signatureHeader: 'x-hub-signature-256',
  signaturePrefix: 'sha256=',
  read: (headers, payload, known) => {
    switch (headers['x-github-event']) {
      case 'pull_request':
        return readPullRequestEvent(payload, known, wording);
      case 'issue_comment':
        return readCommentEvent(payload, known, 'github');
      case 'ping':
        return ignored('a ping: the address and the secret are right');
      case undefined:
      default:
        return ignored('no event that concerns an environment');
    }
  },
};
