import { describe, expect, test } from '@jest/globals';
import { commentOf } from '../../src/feedback/comment.js';
import { context, outcome, record } from './context.js';

const expiresAt = '2026-11-23T10:14:05Z';
const begun = outcome({ outcome: 'Updated', reason: 'TearingDown' }, { message: 'teardown began', expiresAt });
const waiting = outcome({ outcome: 'Ignored', reason: 'TearingDown' }, { message: 'Its tasks run.', expiresAt });
const stateIn = (body: string | undefined) => /bivouac:state:([^>]*?) -->/.exec(body ?? '')?.[1];

describe('the comment while teardown tasks run', () => {
  test('says that it is being removed, in the outcome’s words, and begins no comment', () => {
    const comment = commentOf(begun, context());
    expect(comment?.when).toBe('update');
    expect(comment?.body).toContain('`shop/pr-42`: being removed\n\nTeardown began.');
    expect(comment?.body).not.toContain('Expires on');
  });
  test('isn’t written anew by each look', () => {
    const again = commentOf(waiting, context({ record: { ...record, state: 'teardown', expiresAt } }));
    expect(stateIn(again?.body)).toBe(stateIn(commentOf(begun, context())?.body));
    expect(stateIn(again?.body)).toContain('teardown');
  });
  test('of a removal shows what its teardown left', () => {
    const removed = outcome({ outcome: 'Removed', reason: 'TornDown' }, { warnings: ['the teardown failed'] });
    expect(commentOf(removed, context())?.body).toContain('the teardown failed');
  });
});
