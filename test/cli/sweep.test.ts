import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { addCommit } from '../git/fixture.js';
import { answerOf } from './cases.js';
import { createWorld, head, nextHead, type World } from './harness.js';

describe('bivouac sweep', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
    await addCommit(world.git.directory(), { entries: { 'README.md': 'ours' } });
    for (const number of [1, 2, 3]) world.github.openPullRequest({ number, headSha: head, author: `x-${number}` });
  });
  afterAll(() => world.end());
  const sweep = async (args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) => {
    const ended = await world.run(['sweep', '-o', 'json', ...args], env);
    const { outcomes = [] } = answerOf(ended);
    const brief = outcomes.map(({ environment, outcome, reason }) => [environment, outcome, reason].join(' ').trim());
    return { code: ended.code, brief, stderr: ended.stderr };
  };

  test('looks first, repairs, tells the pull requests, and has nothing to do then', async () => {
    const wanted = [1, 2, 3].map((number) => `shop/pr-${number} Created Opened`);
    expect(await sweep(['--dry-run'])).toMatchObject({ code: 0, brief: wanted });
    expect(await world.commits()).toBe(1);
    expect(await sweep(['--max', '2'])).toMatchObject({
      code: 0,
      brief: wanted.slice(0, 2),
      stderr: expect.stringContaining('left for the next sweep (--max): acme/shop#3') as unknown,
    });
    expect((await sweep()).brief).toEqual([wanted[2], 'Ignored ChartsChanged']);
    expect(world.github.comments(3)).toHaveLength(1);
    expect((await sweep()).brief).toEqual(['Ignored ChartsChanged']);
  });

  test('a scheduled reconcile is a sweep of the job’s repository; missed closes and pushes', async () => {
    world.github.close(1);
    world.github.push(2, nextHead);
    const job = await world.eventOf('schedule', {});
    const ended = await world.run(['reconcile', '-o', 'json'], job);
    expect(answerOf(ended).outcomes?.map(({ outcome }) => outcome)).toEqual(['Removed', 'Updated', 'Ignored']);
    expect(ended.code).toBe(0);
  });

  test('what can’t be read is told with its exit code, and stays', async () => {
    world.github.close(2);
    world.github.fault({ method: 'GET', path: /\/pulls\/2$/, when: 'before', as: { status: 404 }, times: 4 });
    const { code, brief, stderr } = await sweep();
    expect({ code, brief }).toEqual({ code: 4, brief: ['Ignored ChartsChanged'] });
    expect(stderr).toContain('CodeHostNotFound');
    expect(await world.files()).toContain('environments/shop/pr-2/environment.json');
  });

  test('flags that can’t be read', async () => {
    for (const args of [
      ['--max', 'x'],
      ['--allow-removals', '-1'],
      ['--repository', 'acme/none'],
      ['--application', 'none'],
    ])
      expect((await world.run(['sweep', ...args])).code).toBe(2);
  });
});
