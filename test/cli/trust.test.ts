import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { answerOf } from './cases.js';
import { createWorld, head, nextHead, type World } from './harness.js';

const base = 'd'.repeat(40);
const fork = { id: 99, name: 'stranger/shop' };

describe('whose charts run beside credentials', () => {
  let world: World;
  let number = 500;
  beforeAll(async () => {
    world = await createWorld();
    world.github.putRef('main', base);
    world.github.setPermission('maintainer', 'write');
    world.github.setPermission('reader', 'read');
    await world.editConfig(/$/, 'pullRequests: { forks: approved }\n');
  });
  afterAll(() => world.end());
  beforeEach(async () => {
    number += 1;
    await rm(join(world.platform, '.git'), { recursive: true, force: true });
  });

  /** A work tree as `actions/checkout` leaves it, in as much as anyone may look at it. */
  const checkout = async (of: string, commit: string, how: 'detached' | 'branch' | 'packed' = 'detached') => {
    const git = join(world.platform, '.git');
    await mkdir(join(git, 'refs/heads'), { recursive: true });
    await writeFile(join(git, 'config'), `[remote "origin"]\n\turl = https://github.com/${of}\n`);
    await writeFile(join(git, 'HEAD'), how === 'detached' ? `${commit}\n` : 'ref: refs/heads/main\n');
    if (how === 'branch') await writeFile(join(git, 'refs/heads/main'), `${commit}\n`);
    if (how === 'packed') await writeFile(join(git, 'packed-refs'), `# pack-refs\n${commit} refs/heads/main\n`);
  };
  const open = (seed: object = {}) =>
    world.github.openPullRequest({ number, headSha: head, headRepository: fork, author: `x-${number}`, ...seed });
  const approve = (author = 'maintainer', commit = head) =>
    world.github.writeComment(number, { author, body: `/bivouac approve ${commit}` });
  const event = async (env: object = {}, words: readonly string[] = []) => {
    const job = { ...(await world.event(number, 'opened')), ...env };
    const ended = await world.run(['reconcile', ...words, '-o', 'json'], job);
    return { code: ended.code, ...(answerOf(ended).outcomes?.[0] ?? { error: answerOf(ended).error?.code }) };
  };

  test('a fork’s event without a credential: ignored, and nobody is asked', async () => {
    open();
    world.git.log.length = 0;
    const asked = world.github.requests.length;
    expect(await event({ BIVOUAC_GITOPS_TOKEN: '' })).toMatchObject({ code: 0, outcome: 'Ignored', reason: 'Fork' });
    expect(world.git.log).toEqual([]);
    expect(world.github.requests).toHaveLength(asked);
  });

  test.each([
    ['no checkout at all', undefined],
    ['the fork’s head', ['acme/shop', head]],
    ['a merge commit', ['acme/shop', 'e'.repeat(40)]],
  ] as const)('a fork’s event with credentials on %s: refused before the configuration is read', async (_, tree) => {
    open();
    approve();
    if (tree !== undefined) await checkout(tree[0], tree[1]);
    world.git.log.length = 0;
    const told = await event({}, ['--config', 'bivouac.yaml']);
    expect(told).toMatchObject({ code: 3, outcome: 'Rejected', reason: 'UntrustedCharts' });
    expect(world.git.log).toEqual([]);
  });

  test('a work tree of `git worktree`, whose .git is a file, proves nothing', async () => {
    open();
    approve();
    await writeFile(join(world.platform, '.git'), 'gitdir: /elsewhere\n');
    expect(await event()).toMatchObject({ code: 3, reason: 'UntrustedCharts' });
  });

  test.each([
    ['another repository’s', 'acme/platform', head, 'detached'],
    ['the base branch’s, detached', 'acme/shop', base, 'detached'],
    ['the base branch’s, on a branch', 'acme/shop', base, 'branch'],
    ['the base branch’s, in packed refs', 'acme/shop.git', base, 'packed'],
  ] as const)(
    'a checkout that is proven to be %s: deployed after approval, and not before',
    async (...[, of, at, how]) => {
      open();
      await checkout(of, at, how);
      expect(await event()).toMatchObject({ code: 0, outcome: 'Ignored', reason: 'Fork' });
      approve('reader');
      expect(await event()).toMatchObject({ code: 0, outcome: 'Ignored', reason: 'Fork' });
      approve();
      expect(await event()).toMatchObject({ code: 0, outcome: 'Created' });
      world.github.push(number, nextHead);
      expect(await event()).toMatchObject({ code: 0, outcome: 'Ignored', reason: 'Fork' });
    },
  );

  test.each(['reconcile', 'up', 'list', 'doctor'])(
    'another way in doesn’t lead around it: %s in a job for a fork sends no token to the configured host',
    async (command) => {
      open();
      approve();
      await checkout('acme/shop', head);
      world.git.log.length = 0;
      const words = command === 'reconcile' || command === 'up' ? ['--pull-request', String(number)] : [];
      const { code, stdout } = await world.run([command, ...words, '-o', 'json'], await world.event(number, 'opened'));
      expect(code).toBe(3);
      expect(stdout).toContain('may hold the fork');
      expect(world.git.log).toEqual([]);
    },
  );

  test.each(['doctor', 'render', 'build'])(
    '%s in a job for a fork runs no chart beside a credential',
    async (command) => {
      open();
      await checkout('acme/shop', head);
      const chart = await world.writeChart('throw new Error("the chart ran");');
      const config = await world.configure((yaml) => yaml.replace('charts/shop.ts', chart));
      const job = await world.event(number, 'opened');
      const words = [command, '--config', config, '-o', 'json'];
      const beside = await world.run(words, job);
      expect(beside.code).toBe(3);
      expect(beside.stdout).toContain('may hold the fork');
      expect(beside.stdout + beside.stderr).not.toContain('the chart ran');
      const alone = await world.run(words, { ...job, BIVOUAC_GITOPS_TOKEN: '' });
      expect(alone.stdout + alone.stderr).toContain('the chart ran');
      // the token of such a job may write, whoever’s pull request it is for
      const target = { ...job, BIVOUAC_GITOPS_TOKEN: '', GITHUB_EVENT_NAME: 'pull_request_target' };
      const writing = await world.run(words, target);
      expect(writing.stdout + writing.stderr).not.toContain('the chart ran');
      expect(writing.stdout).toContain('may hold the fork');
    },
  );

  describe('a GitHub App or another forge’s token is a credential, too', () => {
    const app = async () => {
      const { privateKey } = generateKeyPairSync('rsa', {
        modulusLength: 2048,
        publicKeyEncoding: { type: 'spki', format: 'pem' },
        privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      });
      return Promise.resolve({ BIVOUAC_APP_ID: '1234', BIVOUAC_PRIVATE_KEY: privateKey });
    };
    const commentEvent = () =>
      world.eventOf('issue_comment', {
        ...world.github.payload(number, 'opened'),
        issue: { number, pull_request: {} },
      });

    test.each(['BIVOUAC_GITEA_TOKEN', 'BIVOUAC_ARGOCD_TOKEN', 'BIVOUAC_PRIVATE_KEY'])('%s', async (variable) => {
      open();
      await checkout('acme/shop', head);
      const chart = await world.writeChart('throw new Error("the chart ran");');
      const config = await world.configure((yaml) => yaml.replace('charts/shop.ts', chart));
      const job = { ...(await commentEvent()), BIVOUAC_GITOPS_TOKEN: '', [variable]: 'canary-0ther-5ecret' };
      const render = ['render', '--application', 'shop', '--pull-request', String(number), '--head-sha', head];
      for (const words of [['reconcile'], ['doctor'], render]) {
        const ended = await world.run([...words, '--config', config, '-o', 'json'], job);
        expect(ended.stdout + ended.stderr).not.toContain('the chart ran');
        // half an App can ask nobody whose the checkout is
        const answer = variable === 'BIVOUAC_PRIVATE_KEY' ? 'BIVOUAC_APP_ID' : 'may hold the fork';
        expect(ended.stdout + ended.stderr).toContain(answer);
      }
    });

    test('an App is what asks whose the checkout is', async () => {
      open();
      await checkout('acme/shop', head);
      const before = world.github.requests.length;
      const ended = await world.run(['list'], {
        ...(await world.event(number, 'opened')),
        ...(await app()),
        GITHUB_TOKEN: '',
      });
      expect(ended.code).not.toBe(0);
      const [first] = world.github.requests.slice(before);
      expect(first?.path).toBe('/repos/acme/shop/installation');
    });
  });

  test('in Gitea Actions it is the Gitea that runs the job, with its own token', async () => {
    open();
    await checkout('acme/shop', head);
    const heard: { readonly path: string; readonly authorization: string | undefined }[] = [];
    const gitea = createServer(({ url = '', headers: { authorization } }, response) => {
      heard.push({ path: url, authorization });
      response.writeHead(404, { 'content-type': 'application/json' }).end('{}');
    });
    await new Promise<void>((resolve) => gitea.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(gitea.address() as AddressInfo).port}`;
    const asked = world.github.requests.length;
    const job = {
      ...(await world.event(number, 'opened')),
      GITEA_ACTIONS: 'true',
      BIVOUAC_GITEA_TOKEN: 'a-gitea-token',
    };
    world.git.log.length = 0;
    const ended = await world.run(['list'], { ...job, GITHUB_SERVER_URL: url, GITHUB_API_URL: `${url}/api/v1` });
    gitea.close();
    expect(ended.code).not.toBe(0);
    expect(heard.length).toBeGreaterThan(0);
    for (const { path, authorization } of heard) {
      expect(path).toMatch(/^\/api\/v1\/repos\/acme\/shop/);
      expect(authorization).toBe('token a-gitea-token');
    }
    expect(world.github.requests).toHaveLength(asked);
    expect(world.git.log).toEqual([]);
  });

  test('the event says nothing of a fork (a comment): the pull request itself does, and its charts don’t run', async () => {
    open();
    approve();
    await checkout('acme/shop', head);
    const payload = { ...world.github.payload(number, 'opened'), issue: { number, pull_request: {} } };
    const env = await world.eventOf('issue_comment', payload);
    world.git.log.length = 0;
    const ended = await world.run(['reconcile', '-o', 'json'], env);
    expect(world.git.log).toEqual([]);
    expect({ code: ended.code, ...answerOf(ended).outcomes?.[0] }).toMatchObject({
      code: 3,
      reason: 'UntrustedCharts',
    });
  });

  test('the run of a fork’s workflow (workflow_run): no token leaves for a host that an unproven checkout names', async () => {
    await checkout('acme/shop', head);
    const payload = {
      repository: { full_name: 'acme/shop', id: 724_712, default_branch: 'main' },
      workflow_run: { head_sha: head, head_repository: { id: fork.id }, pull_requests: [] },
    };
    const env = await world.eventOf('workflow_run', payload);
    world.git.log.length = 0;
    expect((await world.run(['list'], env)).code).toBe(3);
    expect(world.git.log).toEqual([]);
    await checkout('acme/shop', base);
    expect((await world.run(['list'], env)).code).toBe(0);
  });

  test('a configuration elsewhere counts by where it lies, not by where the command runs', async () => {
    open();
    approve();
    const other = join(world.platform, '..', `other-${number}`);
    await mkdir(other);
    await writeFile(join(other, 'bivouac.yaml'), await world.configuration());
    await checkout('acme/platform', base);
    expect(await event({}, ['--config', join(other, 'bivouac.yaml')])).toMatchObject({
      code: 3,
      reason: 'UntrustedCharts',
    });
  });

  test('`charts: platform`: the repository’s own pull request, too, needs the platform’s charts; a bundle is data', async () => {
    const config = await world.configure((yaml) => yaml.replace('forks: approved', 'charts: platform'));
    open({ headRepository: undefined });
    await checkout('acme/shop', head);
    expect(await event({}, ['--config', config])).toMatchObject({ code: 3, reason: 'UntrustedCharts' });

    const rendered = await world.run(['render', '--config', config, '-o', 'json'], await world.event(number, 'opened'));
    const published = await world.run(['publish', '-', '--config', config, '-o', 'json'], {}, rendered.stdout);
    expect(answerOf(published).outcomes?.[0]).toMatchObject({ outcome: 'Created' });

    await checkout('acme/shop', base);
    expect(await event({}, ['--config', config])).toMatchObject({ code: 0, outcome: 'Unchanged' });
  });

  test('a closed pull request loses its environment whatever lies in the work tree', async () => {
    open({ headRepository: undefined });
    expect(await event()).toMatchObject({ outcome: 'Created' });
    const config = await world.configure((yaml) => yaml.replace('forks: approved', 'charts: platform'));
    world.github.close(number);
    expect(await event({}, ['--config', config])).toMatchObject({ code: 0, outcome: 'Removed', reason: 'Closed' });
  });
});
