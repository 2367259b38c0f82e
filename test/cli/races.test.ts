import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { addCommit } from '../git/fixture.js';
import { answerOf } from './cases.js';
import { createWorld, head, nextHead, type World } from './harness.js';

describe('what changes while a job runs', () => {
  let world: World;
  let number = 10;
  beforeAll(async () => {
    world = await createWorld();
    await addCommit(world.git.directory(), { entries: { 'README.md': 'ours' } });
  });
  afterAll(() => world.end());
  afterEach(() => world.git.setFault(undefined));

  const open = (): number => {
    world.github.openPullRequest({ number: ++number, headSha: head, author: `x-${number}` });
    return number;
  };
  const reconcile = async (of: number, action: Parameters<World['event']>[1]) => {
    const ended = await world.run(['reconcile', '-o', 'json'], await world.event(of, action));
    return { code: ended.code, ...(answerOf(ended).outcomes?.[0] ?? answerOf(ended).error) };
  };
  const elsewhere = (text: string) => addCommit(world.git.directory(), { entries: { 'elsewhere.md': text } });
  /** Once, when the first push comes: before git takes it. */
  const beforePush = (happens: () => Promise<unknown>): void => {
    let done = false;
    world.git.setFault(({ method, uri }) => {
      if (done || method !== 'POST' || !uri.includes('git-receive-pack')) return undefined;
      done = true;
      return { kind: 'delay', until: happens() };
    });
  };

  test('the pull request closes and the tip moves: the second attempt sees it, nothing is created', async () => {
    const at = open();
    beforePush(async () => {
      world.github.close(at);
      await elsewhere('one');
    });
    expect(await reconcile(at, 'opened')).toMatchObject({ code: 0, outcome: 'Ignored', reason: 'Closed' });
    expect((await world.files()).filter((path) => path.includes(`pr-${at}/`))).toEqual([]);
    expect(await world.read('elsewhere.md')).toBe('one');
  });

  test('a push arrives and the tip moves: the last truth wins', async () => {
    const at = open();
    beforePush(async () => {
      world.github.push(at, nextHead);
      await elsewhere('two');
    });
    expect(await reconcile(at, 'opened')).toMatchObject({ code: 0, outcome: 'Created', headSha: nextHead });
    expect(await world.read(`environments/shop/pr-${at}/environment.json`)).toContain(nextHead);
  });

  test('somebody else’s environment comes in between: both are there', async () => {
    const [a, b] = [open(), open()];
    const results = await Promise.all([reconcile(a, 'opened'), reconcile(b, 'opened')]);
    expect(results).toEqual([a, b].map(() => expect.objectContaining({ code: 0, outcome: 'Created' })));
    for (const each of [a, b]) expect(await world.files()).toContain(`environments/shop/pr-${each}/environment.json`);
  });

  test('the answer to a push is lost: found to have landed, one commit', async () => {
    const at = open();
    const before = await world.commits();
    let done = false;
    world.git.setFault(({ method, uri }) => {
      if (done || method !== 'POST' || !uri.includes('git-receive-pack')) return undefined;
      done = true;
      return { kind: 'reset', when: 'after' };
    });
    expect(await reconcile(at, 'opened')).toMatchObject({ code: 0, outcome: 'Created' });
    expect(await world.commits()).toBe(before + 1);
  });

  test('the same event twice at once: one commit, one comment', async () => {
    const at = open();
    const before = await world.commits();
    const both = await Promise.all([reconcile(at, 'opened'), reconcile(at, 'opened')]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(await world.commits()).toBe(before + 1);
    expect(world.github.comments(at)).toHaveLength(1);
  });

  test('events out of order: the pull request as it is now decides', async () => {
    const at = open();
    const late = await world.event(at, 'opened');
    world.github.push(at, nextHead);
    expect(await reconcile(at, 'synchronize')).toMatchObject({ outcome: 'Created', headSha: nextHead });
    const ended = await world.run(['reconcile', '-o', 'json'], late);
    expect(answerOf(ended).outcomes?.[0]).toMatchObject({ outcome: 'Unchanged', headSha: nextHead });
    world.github.close(at);
    expect(await reconcile(at, 'closed')).toMatchObject({ outcome: 'Removed' });
    const last = await world.run(['reconcile', '-o', 'json'], late);
    expect(answerOf(last).outcomes?.[0]).toMatchObject({ outcome: 'Ignored', reason: 'Closed' });
    expect((await world.files()).filter((path) => path.includes(`pr-${at}/`))).toEqual([]);
  });

  test('removal needs proof: what can’t be read stays', async () => {
    const at = open();
    expect(await reconcile(at, 'opened')).toMatchObject({ outcome: 'Created' });
    const closed = await world.event(at, 'closed');
    const before = await world.tree();
    for (const status of [401, 403, 404, 502]) {
      world.github.fault({
        method: 'GET',
        path: new RegExp(`/pulls/${at}$`),
        when: 'before',
        as: { status },
        times: 4,
      });
      const { code, stdout } = await world.run(['reconcile', '-o', 'json'], closed);
      expect({ status, code, error: answerOf({ stdout }).error?.code }).toMatchObject({
        code: status === 502 ? 5 : 4,
        error: expect.stringMatching(/^CodeHost/),
      });
      for (let left = 0; left < 4; left += 1)
        // what the command didn't use up
        await fetch(`${world.github.url}/repos/acme/shop/pulls/${at}`);
    }
    expect(await world.tree()).toBe(before);
  });
});
