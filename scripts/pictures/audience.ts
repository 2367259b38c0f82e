import { type Feedback, readStateLine } from '../../src/feedback/port.js';
import type { Conversation } from '../../src/forges/port.js';

/** In the GitOps repository, in the order in which they are made: their real ids change with every byte of a chart. */
const gitOpsCommits = [
  '5dd84e4c2b1a09f8e7d6c5b4a39281706f5e4d3c',
  '8c41f0a93b7e65d20f1c84ab5937e6d8c2b0a1f4',
  'e27a9d5b60c3f814d9b8a7261e5f03c4d8a9b7e6',
] as const;

/** Who is told, and remembers it. */
export interface Audience {
  readonly feedback: Feedback;
  readonly conversation: Conversation;
  /** Texts of the sticky comment, as it was written and edited. */
  readonly told: readonly string[];
  /** Replies to comments. */
  readonly replies: readonly string[];
  /** Somebody writes a comment; gives its id. */
  readonly say: (body: string) => number;
}

/** The pull request’s page, as far as texts go: one sticky comment, edited where it would say something else. */
export const createAudience = (): Audience => {
  const told: string[] = [];
  const replies: string[] = [];
  const comments: string[] = [];
  const named = gitOpsNames();
  const feedback: Feedback = {
    comment: (_, { body, when }) => {
      const before = told.at(-1);
      const text = named(body);
      const isSame = before !== undefined && readStateLine(`\n${text}`) === readStateLine(`\n${before}`);
      if (when === 'always' || (before !== undefined && !isSame)) told.push(text);
      return Promise.resolve();
    },
    deployment: () => Promise.resolve(),
    status: () => Promise.resolve(),
  };
  const conversation: Conversation = {
    comment: (_, id) =>
      Promise.resolve({ id, author: { login: 'octocat', bot: false }, body: comments[id - 1] ?? '', edited: false }),
    react: () => Promise.resolve(),
    answer: (_, { body }) => Promise.resolve(void replies.push(body)),
    answered: () => Promise.resolve(false),
  };
  return { feedback, conversation, told, replies, say: (body: string): number => comments.push(body) };
};

const gitOpsNames = (): ((body: string) => string) => {
  const seen: string[] = [];
  return (body) => {
    for (const [, sha = ''] of body.matchAll(/\/gitops\/commit\/([0-9a-f]{40})/g))
      if (!seen.includes(sha)) seen.push(sha);
    return seen.reduce((text, sha, index) => {
      const name = gitOpsCommits[index] ?? sha;
      return text.replaceAll(sha, name).replaceAll(sha.slice(0, 7), name.slice(0, 7));
    }, body);
  };
};
