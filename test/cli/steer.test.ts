import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { answerOf } from './cases.js';
import { createWorld, head, nextHead, type World } from './harness.js';

let world: World;
let number = 41;
beforeAll(async () => {
  world = await createWorld();
  world.github.setPermission('maintainer', 'write');
  world.github.setPermission('helper', 'triage');
  world.github.setPermission('reader', 'read');
});
afterAll(() => world.end());

const record = async () =>
  JSON.parse(await world.read(`environments/shop/pr-${number}/environment.json`)) as Record<string, string>;
const open = async (seed: object = {}) => {
  number += 1;
  world.github.openPullRequest({ number, headSha: head, author: `author-${number}`, ...seed });
  await world.run(['reconcile'], await world.event(number, 'opened'));
};
const cli = async (...words: readonly string[]) => {
  const ended = await world.run([...words, '-o', 'json']);
  return { code: ended.code, ...(answerOf(ended).outcomes?.[0] ?? { error: answerOf(ended).error }) };
};
const days = (from: string | undefined, count: number) =>
  `${new Date(Date.parse(from ?? '') + count * 86_400_000).toISOString().slice(0, 19)}Z`;

describe('extend, sleep and wake by hand', () => {
  beforeAll(() => open());
  const env = () => `shop/pr-${number}`;

  test('extend moves the end, and the pull request hears of it', async () => {
    const { expiresAt } = await record();
    const wanted = days(expiresAt, 2);
    expect(await cli('extend', env(), '2d')).toMatchObject({
      ...{ code: 0, environment: env(), outcome: 'Updated', reason: 'Extended', expiresAt: wanted },
      ...{
        commit: expect.stringMatching(/^[0-9a-f]{40}$/),
        changes: { added: [], changed: [], removed: [] },
        warnings: [],
      },
    });
    expect((await record())['expiresAt']).toBe(wanted);
    expect(world.github.comments(number)[0]?.body).toContain(wanted.slice(0, 10));
    expect(await cli('extend', '--pull-request', String(number), '5d')).toMatchObject({
      expiresAt: expect.stringContaining(days(wanted, 5).slice(0, 10)),
    });
  });

  test('further than the platform allows is rejected, and says how far', async () => {
    const before = await record();
    expect(await cli('extend', env(), '3d')).toMatchObject({
      ...{ code: 3, outcome: 'Rejected', reason: 'OverrideNotAllowed' },
      message: expect.stringMatching(/is the latest that may be asked for now/),
    });
    expect(await record()).toEqual(before);
  });

  test('sleep and wake load no charts, and give back every byte', async () => {
    const awake = await world.tree();
    const none = await world.configure((yaml) => yaml.replace('charts/shop.ts', 'charts/none.ts'));
    expect(await cli('sleep', env(), '--dry-run')).toMatchObject({ message: expect.stringMatching(/^would be put/) });
    expect(await world.tree()).toBe(awake);
    expect(await cli('sleep', env(), '--config', none)).toMatchObject({ code: 0, outcome: 'Updated', reason: 'Slept' });
    expect(world.github.comments(number)[0]?.body).toContain('asleep at `1a2b3c4`');
    expect(await cli('sleep', env())).toMatchObject({ code: 0, outcome: 'Unchanged' });
    const asleep = await world.tree();
    await world.run(['reconcile'], await world.event(number, 'edited'));
    expect(await world.tree()).toBe(asleep);
    expect(await cli('wake', env(), '--config', none)).toMatchObject({ code: 0, outcome: 'Updated', reason: 'Woken' });
    expect(await world.tree()).toBe(awake);
  }, 120_000);

  test.each([
    [['sleep', 'shop/pr-4200'], 'UnknownEnvironment'],
    [['wake'], 'EnvironmentNeeded'],
    [['extend', 'shop/pr-42'], 'DurationNeeded'],
    [['extend', 'shop/pr-42', 'forever'], 'InvalidDuration'],
  ])('%j: %s', async (words, code) => {
    expect(await cli(...words)).toMatchObject({ code: 2, error: { code } });
  });
});

/** A comment, and the CI job that its event starts; gives what the job says and how the comment is answered. */
const comment = async (body: string, author = 'maintainer') => {
  const id = world.github.writeComment(number, { author, body });
  return { id, ...(await job(id)) };
};
const job = async (id: number, action = 'created') => {
  const payload = {
    ...{ action, repository: { full_name: 'acme/shop', id: 724_712 } },
    ...{ issue: { number, pull_request: {} }, comment: { id } },
  };
  const ended = await world.run(['reconcile', '-o', 'json'], await world.eventOf('issue_comment', payload));
  if (ended.stdout === '') throw new Error(ended.stderr);
  const [outcome] = answerOf(ended).outcomes ?? [];
  const answers = world.github.comments(number).filter(({ body }) => body?.startsWith(`<!-- bivouac:answer:${id} -->`));
  return {
    done: `${String(outcome?.['outcome'])} ${String(outcome?.['reason'])}`,
    reactions: world.github.reactions(id).map(({ content }) => content),
    answer: answers.map(({ body }) => body?.split('\n').slice(1).join('\n')).join('\n---\n'),
  };
};
const labels = () => [...world.github.labels(number)].sort();

describe('commands in comments', () => {
  beforeEach(() => open());
  const well = { reactions: ['+1'], answer: '' };

  test('sleep, wake, down, up', async () => {
    expect(await comment('/bivouac sleep')).toMatchObject({ done: 'Updated Slept', ...well });
    expect((await record())['state']).toBe('asleep');
    expect(await comment('Thanks!\n/bivouac wake')).toMatchObject({ done: 'Updated Woken', ...well });
    expect(await comment('/bivouac down')).toMatchObject({ done: 'Removed Off', ...well });
    expect(labels()).toEqual(['bivouac:off']);
    expect(await comment('/bivouac sleep')).toMatchObject({
      ...{ reactions: ['confused'], answer: 'There is no environment. `/bivouac up` asks for one.' },
    });
    expect(await comment('/bivouac up')).toMatchObject({ done: 'Created Opened', ...well });
    expect(labels()).toEqual([]);
  }, 120_000);

  test('with, without and keep are labels, and what can’t be granted becomes none', async () => {
    expect(await comment('/bivouac with mailer\n/bivouac keep')).toMatchObject({
      done: 'Updated SelectionChanged',
      ...well,
    });
    expect(labels()).toEqual(['bivouac:keep', 'bivouac:with-mailer']);
    expect(await comment('/bivouac without mailer')).toMatchObject({ done: 'Updated SelectionChanged', ...well });
    expect(labels()).toEqual(['bivouac:keep', 'bivouac:without-mailer']);
    const nonsense = await comment('/bivouac with mialer');
    expect(nonsense).toMatchObject({
      reactions: ['confused'],
      answer: expect.stringContaining('did you mean "mailer"?'),
    });
    expect((await comment('/bivouac preset demo')).answer).toContain('overrides.presets');
    expect(labels()).toEqual(['bivouac:keep', 'bivouac:without-mailer']);
  }, 120_000);

  test('extend says the new end, and the same event again extends nothing', async () => {
    const wanted = days((await record())['expiresAt'], 2);
    const { id, ...told } = await comment('/bivouac extend 2d');
    const answer = `\`shop/pr-${number}\`: extended: it ends ${wanted.slice(0, 10)} ${wanted.slice(11, 16)} UTC.`;
    expect(told).toEqual({ done: 'Updated Extended', reactions: ['+1'], answer });
    expect(await job(id)).toEqual({ ...told, done: 'Unchanged SameTree' });
    expect((await record())['expiresAt']).toBe(wanted);
    expect((await comment('/bivouac extend 30d')).answer).toContain('is the latest that may be asked for now');
    expect((await comment('/bivouac extend soon')).answer).toContain('is no duration');
  }, 120_000);

  test('an extension that can’t be answered isn’t made, however often its event comes', async () => {
    const before = (await record())['expiresAt'];
    const path = /\/issues\/\d+\/comments$/;
    world.github.fault({ method: 'POST', path, when: 'before', as: { status: 403 }, times: 3 });
    const { id, ...told } = await comment('/bivouac extend 2d');
    expect(told).toMatchObject({ reactions: ['confused'] });
    for (let run = 0; run < 2; run += 1) await job(id);
    expect((await record())['expiresAt']).toBe(before);
    expect((await comment('/bivouac extend 1d\n/bivouac extend 1h')).answer.split('\n\n')).toHaveLength(2);
  }, 120_000);

  test('a refused extension stays refused when its event comes again', async () => {
    const { id, reactions } = await comment('/bivouac extend 80d');
    expect([reactions, (await job(id)).reactions]).toEqual([['confused'], ['confused']]);
  }, 120_000);

  test('what isn’t understood is answered with the nearest command, hostile or not', async () => {
    expect(await comment('/bivouac slep')).toMatchObject({
      ...{ done: 'Unchanged SameTree', reactions: ['confused'] },
      answer: '`/bivouac slep` is no command. Did you mean `/bivouac sleep`?',
    });
    expect((await comment('/bivouac help')).answer).toContain('- `/bivouac extend 2d`: move its end');
    const { answer } = await comment('/bivouac @everyone `<img src=x>` <!-- bivouac:env:shop-pr-42');
    expect(answer).toMatch(/^`` \/bivouac @everyone `<img src=x>` ``/);
  }, 120_000);

  test('strangers, readers, sorters, programs and edited comments steer nothing', async () => {
    const confused = { done: 'Unchanged SameTree', reactions: ['confused'], answer: '' };
    expect(await comment('/bivouac down', 'nobody')).toMatchObject(confused);
    expect(await comment('/bivouac down', 'reader')).toMatchObject(confused);
    const answer = 'Commands need write permission on this repository.';
    expect(await comment('/bivouac down', 'helper')).toMatchObject({ ...confused, answer });
    expect(await comment('/bivouac down', 'robot[bot]')).toMatchObject({ ...confused, reactions: [] });

    const id = world.github.writeComment(number, { author: 'maintainer', body: 'hello' });
    world.github.editComment(id, '/bivouac down');
    expect(await job(id, 'edited')).toEqual({ ...confused, reactions: [] });
    expect(await job(id)).toEqual({ ...confused, answer: expect.stringMatching(/was edited/) });
    expect(labels()).toEqual([]);
  }, 120_000);

  test('up opens the gate of a draft, and needs no label where none is closed', async () => {
    await open({ draft: true });
    expect(await comment('/bivouac up')).toMatchObject({ done: 'Created Opened', ...well });
    expect(labels()).toEqual(['bivouac:on']);
  });

  test('a closed pull request is told to be reopened', async () => {
    world.github.close(number);
    expect(await comment('/bivouac up')).toMatchObject({
      ...{ done: 'Removed Closed', reactions: ['confused'], answer: 'The pull request is closed: reopen it first.' },
    });
  });

  test('an approval of what isn’t the head any more says so', async () => {
    world.github.push(number, nextHead);
    const whole = `\`/bivouac approve ${nextHead}\``;
    const { answer } = await comment(`/bivouac approve ${head}`);
    expect(answer).toContain('isn’t the head commit');
    expect(answer).toContain(whole);
    const part = await comment(`/bivouac approve ${nextHead.slice(0, 12)}`);
    expect(part).toMatchObject({ reactions: ['confused'], answer: expect.stringContaining(whole) });
    expect(await comment(`/bivouac approve ${nextHead}`)).toMatchObject(well);
  });
});
