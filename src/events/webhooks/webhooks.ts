import type { ForgeKind } from '../../model/pull-request.js';
import { giteaWebhooks } from './gitea.js';
import { githubWebhooks } from './github.js';
import type { WebhookAdapter } from './webhook.js';

export type { Headers, KnownRepository, WebhookAdapter, WebhookReading } from './webhook.js';

/** How each forge's webhooks are read; undefined: they aren't yet. */
export const webhooksOf = (forge: ForgeKind): WebhookAdapter | undefined =>
  forge === 'github' ? githubWebhooks : forge === 'gitea' ? giteaWebhooks : undefined;
