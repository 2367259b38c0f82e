import * as z from 'zod';
import { isBivouacError, userError } from '../../model/errors.js';
import { commitSha, type ForgeKind, pullRequestNumber } from '../../model/pull-request.js';
import type { KnownRepository, WebhookReading } from './webhook.js';

const repository = z.object({ full_name: z.string().max(300) });
const action = z.string().max(60);

const pullRequestPayload = z.object({
  action,
  repository,
  pull_request: z.object({ number: z.number(), head: z.object({ sha: z.string() }) }),
});
const commentPayload = z.object({
  action,
  repository,
  issue: z.object({ number: z.number(), pull_request: z.unknown().optional() }),
  comment: z.object({ id: z.number(), body: z.string().nullish() }),
  /** Gitea says it so. */
  is_pull: z.boolean().optional(),
});

/** How one forge words what has happened to a pull request. */
export interface Wording {
  readonly forge: ForgeKind;
  /** Actions after which something else may be right. */
  readonly actions: readonly string[];
  /** New commits. */
  readonly pushed: readonly string[];
}

/** A line of its own, as `contracts.md` 1.3 says: whether it counts is found out from the code host. */
const command = /^ {0,3}\/bivouac(?:[ \t]|$)/im;

/** @throws UserError InvalidWebhook */
export const readPullRequestEvent = (payload: unknown, known: KnownRepository, wording: Wording): WebhookReading =>
  parsed(() => {
    const event = pullRequestPayload.parse(payload);
    const repositoryName = known(event.repository.full_name);
    if (repositoryName === undefined) return notConfigured;
    if (!wording.actions.includes(event.action)) return ignored('the action changes nothing for an environment');
    return {
      kind: 'pull-request',
      ref: {
        forge: wording.forge,
        repository: repositoryName,
        number: pullRequestNumber(event.pull_request.number),
        headSha: commitSha(event.pull_request.head.sha),
        ...(wording.pushed.includes(event.action) && { pushed: true }),
      },
    };
  });

/** @throws UserError InvalidWebhook */
export const readCommentEvent = (payload: unknown, known: KnownRepository, forge: ForgeKind): WebhookReading =>
  parsed(() => {
    const event = commentPayload.parse(payload);
    const { issue, comment } = event;
    const repositoryName = known(event.repository.full_name);
    if (repositoryName === undefined) return notConfigured;
    if (event.action !== 'created') return ignored('a command counts as it was first written');
    if ((issue.pull_request ?? undefined) === undefined && event.is_pull !== true)
      return ignored('the comment is on no pull request');
    if (!command.test(comment.body ?? '')) return ignored('the comment holds no command');
    const ref = { forge, repository: repositoryName, number: pullRequestNumber(issue.number) };
    return { kind: 'comment', ref, commentId: comment.id };
  });

export const ignored = (why: string): WebhookReading => ({ kind: 'ignored', why });

const notConfigured = ignored('no application of bivouac.yaml names the repository');

const parsed = (read: () => WebhookReading): WebhookReading => {
  try {
    return read();
  } catch (error) {
    if (!isBivouacError(error) && !(error instanceof z.ZodError)) throw error;
    const issue = error instanceof z.ZodError ? error.issues[0] : undefined;
    const why = issue === undefined ? error.message : `"${issue.path.join('.')}" is missing or of another type`;
    throw userError('InvalidWebhook', `the payload isn’t that of its event: ${why}`, { cause: error });
  }
};
