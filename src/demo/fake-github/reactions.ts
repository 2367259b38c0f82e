import type { Hono } from 'hono';
import { errorAnswer, userAnswer } from './answers.js';
import { type Counter, findComment } from './repository.js';
import type { Bindings } from './bindings.js';
import type { Reaction } from './state.js';

const contents: readonly Reaction['content'][] = ['+1', '-1', 'laugh', 'confused', 'heart', 'hooray', 'rocket', 'eyes'];

/** Reactions to comments: an account's second one of a kind is its first. */
export const reactionRoutes = (routes: Hono<Bindings>, counter: Counter): void => {
  routes.post('/issues/comments/:id/reactions', async (c) => {
    const { repository, token } = c.var;
    const id = Number(c.req.param('id'));
    if (findComment(repository, id) === undefined) return c.json(errorAnswer('Not Found'), 404);
    const fields = await c.req.json<{ content?: string }>();
    const content = contents.find((each) => each === fields.content);
    if (content === undefined) return c.json(errorAnswer('Validation Failed'), 422);
    const { login } = token.account;
    const before = repository.reactions.get(id) ?? [];
    const isThere = before.some((each) => each.login === login && each.content === content);
    if (!isThere) repository.reactions.set(id, [...before, { login, content }]);
    const answer = { id: counter.id(), node_id: 'MDg6UmVhY3Rpb24x', user: userAnswer(token.account), content };
    return c.json({ ...answer, created_at: counter.now() }, isThere ? 200 : 201);
  });
};
