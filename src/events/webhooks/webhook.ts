import type { PullRequestRef, RepositoryName } from '../../model/pull-request.js';

/** A delivery's headers, names in lower case. */
export type Headers = Readonly<Record<string, string | undefined>>;

/** What a delivery says. All of it is a hint: the pull request, and a comment's text, are read from the code host. */
export type WebhookReading =
  | { readonly kind: 'pull-request'; readonly ref: PullRequestRef }
  | { readonly kind: 'comment'; readonly ref: PullRequestRef; readonly commentId: number }
  | { readonly kind: 'ignored'; readonly why: string };

/** A repository as the configuration spells it; undefined: no application names it. */
export type KnownRepository = (fullName: string) => RepositoryName | undefined;

/** One forge's webhooks; each has a file of its own. */
export interface WebhookAdapter {
  /** The header that holds the signature, in lower case. */
  readonly signatureHeader: string;
  /** What stands before the hexadecimal digits there. */
  readonly signaturePrefix: string;
  /** @throws UserError InvalidWebhook */
  read(headers: Headers, payload: unknown, known: KnownRepository): WebhookReading;
}
