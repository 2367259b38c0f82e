import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runGit } from '../git/run.js';
import { createWorld, githubToken, gitToken, head, leaksIn, nextHead, type World } from './harness.js';

const noisy = {
  DEBUG: '*,simple-git*',
  GIT_TRACE: '1',
  GIT_TRACE_CURL: '1',
  GIT_TRACE_PACKET: '1',
  GIT_CURL_VERBOSE: '1',
  BIVOUAC_VERBOSE: 'true',
};

/** `world.run` looks at what every run of every suite prints; here are the other places, and the ways to make it talk. */
describe('tokens', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
    world.github.openPullRequest({ number: 42, headSha: head });
  });
  afterAll(() => world.end());

  test('the probe finds each form', () => {
    for (const token of [gitToken, githubToken])
      for (const form of [
        token,
        `https://x:${encodeURIComponent(token)}@example.com`,
        Buffer.from(token).toString('base64'),
        Buffer.from(token).toString('hex').toUpperCase(),
        `Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`,
      ])
        expect(leaksIn(`… ${form} …`)).not.toEqual([]);
    expect(leaksIn('nothing')).toEqual([]);
  });

  test('with every switch on that makes libraries talk: in no output, comment, Git object or file', async () => {
    const outputs = join(world.platform, 'outputs');
    const summary = join(world.platform, 'summary');
    await Promise.all([writeFile(outputs, ''), writeFile(summary, '')]);
    const files = { GITHUB_OUTPUT: outputs, GITHUB_STEP_SUMMARY: summary };
    for (const args of [
      ['reconcile'],
      ['reconcile', '-o', 'json=result.json'],
      ['list'],
      ['doctor'],
      ['explain', 'shop/pr-42'],
    ])
      expect((await world.run(args, { ...(await world.event(42, 'opened')), ...noisy, ...files })).code).toBe(0);
    world.github.push(42, nextHead);
    world.git.setFault(({ uri }) =>
      uri.includes('receive-pack') ? { kind: 'status', status: 403, when: 'before' } : undefined,
    );
    expect((await world.run(['reconcile', '--pull-request', '42'], { ...noisy, ...files })).code).toBe(4);
    world.git.setFault(undefined);

    const objects = await runGit(world.git.directory(), ['cat-file', '--batch', '--batch-all-objects']);
    const comments = world.github.comments(42).map(({ body }) => body);
    const written = (await readdir(world.platform, { recursive: true, withFileTypes: true })).filter((each) =>
      each.isFile(),
    );
    const texts = await Promise.all(written.map(({ parentPath, name }) => readFile(join(parentPath, name), 'latin1')));
    expect(objects).toContain('shop-pr-42');
    expect(comments.join('\n')).toContain('shop-pr-42');
    expect(texts.length).toBeGreaterThan(5);
    expect(leaksIn([objects, ...comments, ...texts].join('\n'))).toEqual([]);
    expect(await world.leftovers()).toEqual([]);
  }, 60_000);

  test('what a server or a chart says of them is taken out, in files too', async () => {
    const secret = `${gitToken} ${Buffer.from(gitToken).toString('base64')} ${githubToken}`;
    const outputs = join(world.platform, 'outputs');
    world.github.openPullRequest({ number: 43, headSha: head });
    world.github.fault({
      method: 'GET',
      path: /\/pulls\/43$/,
      when: 'before',
      as: { status: 403, body: { message: `no, ${secret}` } },
      times: 5,
    });
    const refused = await world.run(['reconcile', '--pull-request', '43', '-o', 'json=result.json'], {
      GITHUB_OUTPUT: outputs,
    });
    expect(refused.code).toBe(4);
    expect(refused.stderr).toContain('[secret]');

    const path = await world.writeChart(
      'throw new Error(`${process.env.BIVOUAC_GITOPS_TOKEN} ${process.env.GITHUB_TOKEN}`);\nexport class X {}\n',
    );
    const config = await world.configure((yaml) => yaml.replace('charts/shop.ts', path));
    const words = ['-o', 'json=chart.json', '-o', 'markdown=chart.md'];
    const failed = await world.run(['reconcile', '--pull-request', '42', '--config', config, ...words], {
      GITHUB_STEP_SUMMARY: outputs,
    });
    expect(failed).toMatchObject({ code: 2, stderr: expect.stringContaining('[secret]') });
    for (const name of ['result.json', 'chart.json', 'chart.md', 'outputs']) {
      const text = await readFile(join(world.platform, name), 'utf8');
      expect(text).toContain('[secret]');
      expect(leaksIn(text)).toEqual([]);
    }
  });
});
