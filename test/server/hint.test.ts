import { describe, expect, test } from '@jest/globals';
import { pullRequestNumber, type PullRequestRef, repositoryName } from '../../src/model/pull-request.js';
import { mergeHints } from '../../src/server/hint.js';
import { head, otherHead } from '../decide/builders.js';

const refOf = (number: number, more: Partial<PullRequestRef> = {}): PullRequestRef => ({
  forge: 'github',
  repository: repositoryName('acme/shop'),
  number: pullRequestNumber(number),
  ...more,
});

describe('merged hints', () => {
  test('a push stays one while its commit may be the head', () => {
    const push = { ref: refOf(1, { headSha: head, pushed: true }), comments: [], since: 5 };
    const label = { ref: refOf(1), comments: [], since: 9 };
    expect(mergeHints(push, label)).toEqual(push);
    expect(mergeHints(push, { ...label, ref: refOf(1, { headSha: otherHead }) })).toEqual({
      ...push,
      ref: refOf(1, { headSha: otherHead }),
    });
    expect(mergeHints(label, push)).toEqual({ ...push, since: 9 });
  });

  test('of too many comments the newest stay', () => {
    const hint = (id: number) => ({ ref: refOf(1), comments: [id] });
    const many = Array.from({ length: 60 }, (_, index) => hint(index + 1));
    const { comments } = many.reduce(mergeHints, { ref: refOf(1), comments: [] });
    expect(comments).toEqual(Array.from({ length: 50 }, (_, index) => index + 11));
  });
});
