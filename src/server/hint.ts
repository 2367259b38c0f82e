import type { Headers, KnownRepository, WebhookAdapter } from '../events/webhooks/webhooks.js';
import { isBivouacError } from '../model/errors.js';
import type { PullRequestRef } from '../model/pull-request.js';
import type { Receipt } from './http.js';

/** A comment that may hold a command; what it says is read from the code host. */
export interface PostedHint {
  readonly ref: PullRequestRef;
  readonly commentId: number;
  readonly author: string;
}

/** What waits for one pull request. */
export interface Hint {
  readonly ref: PullRequestRef;
  /** In the order in which they came. */
  readonly comments: readonly PostedHint[];
  /** When the first of them came; milliseconds since 1970. Absent: no delivery, the sweep. */
  readonly since?: number;
}

/** More than anybody writes while one reconcile runs. */
const mostComments = 50;

/** The newest hint wins; no comment is lost, and a push stays one as long as its commit may be the head. */
export const mergeHints = (before: Hint, now: Hint): Hint => {
  const since = before.since ?? now.since;
  const headSha = now.ref.headSha ?? before.ref.headSha;
  const pushed = now.ref.pushed === true || (before.ref.pushed === true && headSha === before.ref.headSha);
  const comments = [...before.comments, ...now.comments];
  const each = new Map(comments.map((comment) => [comment.commentId, comment]));
  return {
    ref: { ...now.ref, ...(headSha !== undefined && { headSha }), ...(pushed && { pushed }) },
    comments: [...each.values()].slice(0, mostComments),
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
      case 'comment': {
        const { ref, commentId, author } = reading;
        return { kind: 'hint', hint: { ref, comments: [{ ref, commentId, author }] } };
      }
      case 'ignored':
        return reading;
    }
  } catch (error) {
    if (!isBivouacError(error)) throw error;
    return { kind: 'nonsense', why: error.message };
  }
};
