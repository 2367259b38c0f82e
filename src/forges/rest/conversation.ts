import { isBivouacError } from '../../model/errors.js';
import { printPullRequest } from '../../model/pull-request.js';
import type { Conversation, PostedComment } from '../port.js';
import type { Answer } from './answer.js';
import { type Api, slugOf } from './api.js';
import type { Comments } from './comments.js';

const one = '/repos/{owner}/{repo}/issues/comments/{comment_id}';

/** Commands in comments, and what they are answered. GitHub and Gitea have the same paths for it. */
export const createConversation = (api: Api, comments: Comments): Conversation => ({
  comment: async (ref, id) => {
    const question = { what: `comment ${id} of pull request ${printPullRequest(ref)}` };
    const parameters = { ...slugOf(ref.repository), comment_id: id };
    const answer = await api.ask({ route: `GET ${one}`, parameters }, question).catch(gone);
    return answer === undefined || !isOf(ref.number, answer) || isOurs(answer) ? undefined : postedCommentOf(answer);
  },
  // absolute at both: the second one of the same account is the first
  react: async (ref, commentId, reaction) => {
    const question = { what: `reaction to comment ${commentId} of ${ref.repository}`, effect: 'the reaction' };
    const parameters = { ...slugOf(ref.repository), comment_id: commentId, content: reaction };
    await api.ask({ route: `POST ${one}/reactions`, parameters }, question);
  },
  answer: (ref, { to, body }) => comments.put(ref, { marker: answerMarker(to), body, when: 'always' }),
  answered: (ref, to) => comments.has(ref, answerMarker(to)),
});

const answerMarker = (to: number): string => `<!-- bivouac:answer:${to} -->`;

/** Ids of comments are the repository's: one of another issue isn't this pull request's. */
const isOf = (number: number, comment: Answer): boolean =>
  ['issue_url', 'pull_request_url'].some((path) =>
    new RegExp(`/(?:issues|pulls)/${number}$`).test(String(comment.maybe(path)?.value)),
  );

/** All that we write begins with a marker; nobody whose command should count has a reason to. */
const isOurs = (comment: Answer): boolean => bodyOf(comment).startsWith('<!-- bivouac:');

const bodyOf = (comment: Answer): string => (comment.maybe('body') === undefined ? '' : comment.text('body'));

const postedCommentOf = (comment: Answer): PostedComment => ({
  id: comment.number('id'),
  // an account that was deleted is shown as `ghost`
  author:
    comment.maybe('user') === undefined
      ? { login: 'ghost', bot: false }
      : { login: comment.text('user.login'), bot: comment.maybe('user.type')?.value === 'Bot' },
  body: bodyOf(comment),
  edited: comment.text('created_at') !== comment.text('updated_at'),
});

const gone = (error: unknown): undefined => {
  if (!isBivouacError(error) || error.code !== 'CodeHostNotFound') throw error;
  return undefined;
};
