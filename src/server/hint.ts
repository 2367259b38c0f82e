import type { Headers, KnownRepository, WebhookAdapter } from '../events/webhooks/webhooks.js';
import { isBivouacError } from '../model/errors.js';
import type { PullRequestRef } from '../model/pull-request.js';
import type { Receipt } from './http.js';

/** What waits for one pull request. */
export interface Hint {
  readonly ref: PullRequestRef;
  /** Ids of those that may hold commands, in the order in which they came; what they say is read from the code host. */
  readonly comments: readonly number[];
  /** When the first of them came; milliseconds since 1970. Absent: no delivery, the sweep. */
  readonly since?: number;
}

/** More than people write while one reconcile runs; of a flood the newest are kept. */
const mostComments = 50;

/** The newest hint wins, the comments of both are kept (the newest 50), and a push stays one as long as its commit may be the head. */
export const mergeHints = (before: Hint, now: Hint): Hint => {
  const since = before.since ?? now.since;
  const headSha = now.ref.headSha ?? before.ref.headSha;
  const pushed = now.ref.pushed === true || (before.ref.pushed === true && headSha === before.ref.headSha);
  const comments = new Set([...before.comments, ...now.comments]);
  return {
    ref: { ...now.ref, ...(headSha !== undefined && { headSha }), ...(pushed && { pushed }) },
    comments: [...comments].slice(-mostComments),
    ...(since !== undefined && { since }),
  };
};

export interface Delivery {
  readonly headers: Headers;
  readonly payload: unknown;
}

/** A delivery as a hint, or why it is none. */
export const hintOf = (
  { headers, payload }: Delivery,
  { webhooks, known }: { readonly webhooks: WebhookAdapter; readonly known: KnownRepository },
): { readonly kind: 'hint'; readonly hint: Hint } | Extract<Receipt, { kind: 'ignored' | 'nonsense' }> => {
  try {
    const reading = webhooks.read(headers, payload, known);
    switch (reading.kind) {
      case 'pull-request':
        return { kind: 'hint', hint: { ref: reading.ref, comments: [] } };
      case 'comment':
        return { kind: 'hint', hint: { ref: reading.ref, comments: [reading.commentId] } };
      case 'ignored':
        return reading;
    }
  } catch (error) {
    if (!isBivouacError(error)) throw error;
    return { kind: 'nonsense', why: error.message };
  }
};
