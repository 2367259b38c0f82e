import { ignored, readCommentEvent, readPullRequestEvent } from './reading.js';
import type { WebhookAdapter } from './webhook.js';

const wording = {
  forge: 'gitea',
  actions: ['opened', 'reopened', 'synchronized', 'edited', 'closed', 'label_updated', 'label_cleared'],
  pushed: ['synchronized'],
} as const;

/** Gitea: `X-Gitea-Signature` is the digits alone; labels and pushes come as `pull_request`, whatever its event type header says. */
export const giteaWebhooks: WebhookAdapter = {
  signatureHeader: 'x-gitea-signature',
  signaturePrefix: '',
  read: (headers, payload, known) => {
    switch (headers['x-gitea-event']) {
      case 'pull_request':
      case 'pull_request_label':
      case 'pull_request_sync':
        return readPullRequestEvent(payload, known, wording);
      case 'issue_comment':
      case 'pull_request_comment':
        return readCommentEvent(payload, known, 'gitea');
      case undefined:
      default:
        return ignored('no event that concerns an environment');
    }
  },
};
