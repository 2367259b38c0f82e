import { beforeEach, describe, expect, test } from '@jest/globals';
import { faultScripts } from '../../src/demo/fake-github/fault-scripts.js';
import type { FakeGitHub } from '../../src/demo/fake-github/server.js';
import { head, refTo, shop, useFakeGitHub } from './connect.js';

const { connect, fakeOf } = useFakeGitHub();
let fake: FakeGitHub;
beforeEach(() => {
  fake = fakeOf();
  fake.openPullRequest({ number: 42, headSha: head });
  fake.openPullRequest({ number: 4, headSha: head });
});
const talk = () => connect().conversation;

describe('a comment', () => {
  test('is read as it was written, with its author', async () => {
    const id = fake.writeComment(42, { author: 'octocat', body: '/bivouac sleep' });
    expect(await talk().comment(refTo(42), id)).toEqual({
      ...{ id, author: { login: 'octocat', bot: false }, body: '/bivouac sleep', edited: false },
    });
    fake.editComment(id, '/bivouac down');
    expect(await talk().comment(refTo(42), id)).toMatchObject({ edited: true });
    const bots = fake.writeComment(42, { author: 'helper[bot]', body: 'x' });
    expect(await talk().comment(refTo(42), bots)).toMatchObject({ author: { login: 'helper[bot]', bot: true } });
  });

  test('that is gone, or another pull request’s, or ours is none', async () => {
    const elsewhere = fake.writeComment(42, { author: 'octocat', body: '/bivouac sleep' });
    const gone = fake.writeComment(42, { author: 'octocat', body: 'x' });
    fake.deleteComment(gone);
    await talk().answer(refTo(42), { to: elsewhere, body: '/bivouac sleep' });
    const ours = Number(fake.comments(42).at(-1)?.id);
    expect(await talk().comment(refTo(4), elsewhere)).toBeUndefined();
    expect(await talk().comment(refTo(42), gone)).toBeUndefined();
    expect(await talk().comment(refTo(42), ours)).toBeUndefined();
  });

  test('is reacted to once, and answered once', async () => {
    const id = fake.writeComment(42, { author: 'octocat', body: '/bivouac slep' });
    for (let i = 0; i < 2; i++) await talk().react(refTo(42), id, 'confused');
    await talk().react(refTo(42), id, '+1');
    expect(fake.reactions(id).map(({ content }) => content)).toEqual(['confused', '+1']);
    fake.fault(faultScripts.resetAfterEffect({ method: 'POST', path: /\/comments$/ }));
    for (let i = 0; i < 2; i++) await talk().answer(refTo(42), { to: id, body: 'did you mean sleep?' });
    await talk().answer(refTo(42), { to: id + 1, body: 'another' });
    expect(fake.comments(42).map(({ body }) => body)).toEqual([
      '/bivouac slep',
      `<!-- bivouac:answer:${id} -->\ndid you mean sleep?`,
      `<!-- bivouac:answer:${id + 1} -->\nanother`,
    ]);
  });
});

test.each(['none', 'read', 'triage', 'write', 'maintain', 'admin'])('permission %s is read now', async (level) => {
  fake.setPermission('octocat', level);
  expect(await connect().permission(shop, 'octocat')).toBe(level);
  fake.setPermission('octocat', 'none');
  expect(await connect().permission(shop, 'octocat')).toBe('none');
});
