import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createWorld, head, nextHead, type World } from './harness.js';

const base = 'abc1234'.padEnd(40, 'd');
let world: World;
beforeAll(async () => {
  world = await createWorld();
  world.github.putFile(base, '.bivouac.yaml', 'variables: { LOG_LEVEL: warn }\n');
  for (const sha of [head, nextHead]) world.github.putFile(sha, '.bivouac.yaml', 'variables: { LOG_LEVEL: debug }\n');
});
afterAll(() => world.end());

const open = (number: number, change: Partial<Parameters<World['github']['openPullRequest']>[0]> = {}) =>
  world.github.openPullRequest({ number, headSha: head, baseSha: base, ...change });

const reconcile = async (number: number, action: Parameters<World['event']>[1]): Promise<void> => {
  const { code, stderr } = await world.run(['reconcile'], await world.event(number, action));
  if (code !== 0) throw new Error(stderr);
};
const comment = (number: number): string => world.github.comments(number)[0]?.body ?? '';
const compared = (number: number): string => {
  const text = comment(number);
  return text.slice(text.indexOf('<details><summary>Compared'));
};
/** How often the code host was asked for a `.bivouac.yaml`, whichever commit's. */
const asked = (): number => world.github.requests.filter(({ path }) => path.includes('/contents/.bivouac.yaml')).length;

/** The same of the next commit. */
const atNext = (text: string): string =>
  text.replaceAll(head, nextHead).replaceAll(head.slice(0, 12), nextHead.slice(0, 12));

describe('the comment, beside the base branch', () => {
  test('images, variables and components that the pull request brings; the same after another push and when nothing changed', async () => {
    open(42, { labels: ['bivouac:with-mailer'] });
    await reconcile(42, 'opened');
    const first = compared(42);
    const lines = first.split('\n');
    expect(lines[0]).toBe('<details><summary>Compared with main at abc1234: 1 object added, 4 changed</summary>');
    expect(lines).toContain(
      `| \`api\`, \`api/api-migrate\` | image | \`shop-api:${base.slice(0, 12)}…\` | \`shop-api:${head.slice(0, 12)}…\` |`,
    );
    expect(first).toContain('| `LOG_LEVEL` | `warn` | `debug` |');
    expect(lines).toContain('- added `Deployment/mailer`');
    expect(lines).toContain('- changed `Job/api-migrate`');
    expect(first).not.toMatch(/seed:1\.4\.0` \|/); // the same on both sides
    expect(first).toContain('+++ b/manifests/mailer.yaml');

    world.github.push(42, nextHead);
    await reconcile(42, 'synchronize');
    expect(compared(42)).toBe(atNext(first));

    world.github.deleteComment(Number(world.github.comments(42)[0]?.id));
    world.github.addLabel(42, 'bivouac:keep');
    await reconcile(42, 'labeled');
    expect(compared(42)).toBe(atNext(first));
  }, 60_000);

  test('of an environment that sleeps: the other side sleeps, too', async () => {
    const awake = compared(42).split('\n', 1);
    await world.run(['sleep', 'shop/pr-42']);
    world.github.removeLabel(42, 'bivouac:keep');
    await reconcile(42, 'unlabeled');
    expect(comment(42)).toContain(': asleep at ');
    expect(compared(42).split('\n', 1)).toEqual(awake);
    expect(compared(42)).not.toContain('| replicas |');
  });

  test('costs one request more, and none where nobody reads a comment', async () => {
    open(43);
    const before = asked();
    await reconcile(43, 'opened');
    expect(asked()).toBe(before + 2);
    const file = await world.configure((yaml) => `${yaml}\nfeedback: { comment: false }\n`);
    world.github.push(43, nextHead);
    const { code } = await world.run(['reconcile', '--config', file], await world.event(43, 'synchronize'));
    expect(code).toBe(0);
    expect(asked()).toBe(before + 3);
  });

  test('whose `.bivouac.yaml` asks for what isn’t allowed: said, and the environment is what it is', async () => {
    const broken = 'e'.repeat(40);
    world.github.putFile(broken, '.bivouac.yaml', 'variables: { SECRET: x }\n');
    open(44, { baseSha: broken });
    await reconcile(44, 'opened');
    expect(comment(44)).toMatch(/\nNot compared with `main` at `eeeeeee`: .*SECRET/);
    expect(comment(44)).toContain('<summary>Changes: ');
  });

  test('that holds a credential: the comment doesn’t repeat what the pull request takes out', async () => {
    const leaking = 'f'.repeat(40);
    world.github.putFile(
      leaking,
      '.bivouac.yaml',
      'variables: { LOG_LEVEL: "postgres://shop:hunter2hunter2@db/shop" }\n',
    );
    open(47, { baseSha: leaking });
    await reconcile(47, 'opened');
    expect(comment(47)).not.toContain('hunter2');
    expect(comment(47)).toMatch(/\nNot compared with `main` at `fffffff`: .*credential/);
  });

  test('of a bundle: its charts render no other side, so nothing is asked', async () => {
    open(45, { headSha: 'c'.repeat(40) });
    const event = await world.event(45, 'opened');
    const bundle = await world.run(['render', '-o', 'json'], event);
    await writeFile(join(world.platform, 'bundle.json'), bundle.stdout);
    const before = asked();
    const published = await world.run(['publish', 'bundle.json'], event);
    expect(published.stdout).toContain('Created');
    expect(comment(45)).toContain('<summary>Changes: ');
    expect(comment(45)).not.toContain('ompared with `main`');
    expect(asked()).toBe(before + 1);
  });
});

describe('bivouac diff --against base', () => {
  test('says what differs before it shows how', async () => {
    const diff = ['diff', '--pull-request', '42', '--against', 'base'];
    const text = (await world.run(diff)).stdout;
    expect(text).toMatch(
      /^compared with main at abc1234, with the same charts: 1 object added, 4 changed\n {2}api, api\/api-migrate: image \S+:abc1234d+ → \S+\n/,
    );
    expect(text).toMatch(/: LOG_LEVEL warn → debug\n\n--- /);
    expect((await world.run([...diff, '-o', 'markdown'])).stdout).toContain('| `LOG_LEVEL` | `warn` | `debug` |');
    const { stdout } = await world.run([...diff, '-o', 'json']);
    const { fields } = JSON.parse(stdout) as { fields: readonly unknown[] };
    expect(fields).toContainEqual({
      kind: 'variable',
      where: 'api',
      name: 'LOG_LEVEL',
      before: 'warn',
      after: 'debug',
    });
  });

  test('of another preset than the usual one', async () => {
    open(46, { labels: ['bivouac:preset-demo'] });
    const { code, stdout, stderr } = await world.run([
      'diff',
      'shop/demo-46',
      '--pull-request',
      '46',
      '--against',
      'base',
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('compared with main at abc1234');
  });
});
