import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { answerOf } from './cases.js';
import { createWorld, head, type World } from './harness.js';

const base = 'd'.repeat(40);
const fork = { id: 99, name: 'stranger/shop' };

describe('a comment’s job, which has the default branch’s charts', () => {
  let world: World;
  let number = 700;
  beforeAll(async () => {
    world = await createWorld();
    world.github.putRef('main', base);
    world.github.setPermission('maintainer', 'write');
    await world.editConfig(/$/, 'pullRequests: { forks: approved }\n');
    const git = join(world.platform, '.git');
    await mkdir(git);
    await writeFile(join(git, 'config'), '[remote "origin"]\n\turl = https://github.com/acme/shop\n');
    await writeFile(join(git, 'HEAD'), `${base}\n`);
  });
  afterAll(() => world.end());
  beforeEach(() => {
    number += 1;
  });

  const open = async (seed: object = {}) => {
    world.github.openPullRequest({ number, headSha: head, author: `x-${number}`, ...seed });
    await world.run(['reconcile'], await world.event(number, 'opened'));
  };
  const comment = async (body: string) => {
    const id = world.github.writeComment(number, { author: 'maintainer', body });
    const payload = {
      ...{ action: 'created', repository: { full_name: 'acme/shop', id: 724_712 } },
      ...{ issue: { number, pull_request: {} }, comment: { id } },
    };
    const ended = await world.run(['reconcile', '-o', 'json'], await world.eventOf('issue_comment', payload));
    const [outcome] = answerOf(ended).outcomes ?? [];
    const answer = world.github.comments(number).find((each) => each.body?.startsWith(`<!-- bivouac:answer:${id} -->`));
    return {
      code: ended.code,
      done: `${String(outcome?.['outcome'])} ${String(outcome?.['reason'])}`,
      reactions: world.github.reactions(id).map(({ content }) => content),
      answer: answer?.body ?? '',
    };
  };
  const record = async () =>
    JSON.parse(await world.read(`environments/shop/pr-${number}/environment.json`)) as Record<string, unknown>;
  const told = () => world.github.comments(number).find(({ body }) => body?.startsWith('<!-- bivouac:env:'))?.body;
  const changesCharts = { files: [{ filename: 'charts/shop.ts' }] };

  test('renders a pull request that leaves them alone', async () => {
    await open({ files: [{ filename: 'src/index.ts' }] });
    expect(await comment('/bivouac with mailer')).toMatchObject({
      code: 0,
      done: 'Updated SelectionChanged',
      answer: '',
    });
    expect((await record())['components']).toContain('mailer');
  });

  test('sets the label of one that changes them, leaves its environment, and says which job renders it', async () => {
    await open(changesCharts);
    const [tree, comments] = [await world.tree(), told()];
    expect(await comment('/bivouac with mailer')).toMatchObject({
      ...{ code: 0, done: 'Ignored ChartsChanged', reactions: ['+1'] },
      answer: expect.stringMatching(/changes charts\/shop\.ts: its own job renders it\. To see it, push/),
    });
    expect(world.github.labels(number)).toEqual(['bivouac:with-mailer']);
    expect([await world.tree(), told()]).toEqual([tree, comments]);
    await world.run(['reconcile'], await world.event(number, 'edited')); // its own job, run again
    expect((await record())['components']).toContain('mailer');
  });

  test('does all that needs no charts to such a one', async () => {
    await open(changesCharts);
    expect(await comment('/bivouac sleep')).toMatchObject({
      code: 0,
      done: 'Updated Slept',
      reactions: ['+1'],
      answer: '',
    });
    expect(told()).toContain('asleep');
    expect(await comment('/bivouac wake')).toMatchObject({ done: 'Updated Woken', answer: '' });
    const { expiresAt } = await record();
    expect(await comment('/bivouac extend 2d')).toMatchObject({ done: 'Updated Extended' });
    expect((await record())['expiresAt']).not.toBe(expiresAt);
    expect(await comment('/bivouac down')).toMatchObject({ code: 0, done: 'Removed Off', answer: '' });
    expect(await comment('/bivouac up')).toMatchObject({
      ...{ code: 0, done: 'Ignored ChartsChanged', reactions: ['+1'] },
      answer: expect.stringContaining('its own job renders it'),
    });
    expect(world.github.labels(number)).toEqual([]);
  });

  test('a pull request to another branch has other charts', async () => {
    await open({ baseBranch: 'release' });
    expect(await comment('/bivouac with mailer')).toMatchObject({
      done: 'Ignored ChartsChanged',
      answer: expect.stringContaining('it goes to release'),
    });
  });

  test('an approved fork that leaves them alone is rendered at once, another by its two jobs', async () => {
    await open({ headRepository: fork, files: [{ filename: 'src/index.ts' }] });
    expect(await comment(`/bivouac approve ${head}`)).toMatchObject({ code: 0, done: 'Created Opened', answer: '' });
    number += 1;
    await open({ headRepository: fork, ...changesCharts });
    expect(await comment(`/bivouac approve ${head}`)).toMatchObject({
      ...{ code: 0, done: 'Ignored ChartsChanged', reactions: ['+1'] },
      answer: expect.stringContaining('its own job renders it'),
    });
    expect(await world.files()).not.toContain(`environments/shop/pr-${number}/environment.json`);
  });

  test('with the platform’s charts alone, every pull request is rendered', async () => {
    await open(changesCharts);
    await world.editConfig('forks: approved', 'forks: approved, charts: platform');
    expect(await comment('/bivouac with mailer')).toMatchObject({ code: 0, done: 'Updated SelectionChanged' });
  });
});
