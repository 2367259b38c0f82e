import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { join } from 'node:path';
import { appendFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type ArgoCdMoment, type FakeArgoCd, startFakeArgoCd } from '../fakes/argo-cd.js';
import { addCommit } from '../git/fixture.js';
import { runGit } from '../git/run.js';
import { bivouac, createWorld, gitToken, githubToken, head, nextHead, type World } from './harness.js';

const program = join(import.meta.dirname, '../../dist/cli/main.cjs');
const secret = 'canary-hook+s3cret/"9b1c\\==';
const previous = 'canary-hook-bef0re%44';

const secrets = { gitToken, githubToken, secret, previous };
/** As a secret may travel in what a server says. */
const formsOf = (value: string): Readonly<Record<string, string>> => {
  const bytes = Buffer.from(value);
  return {
    raw: value,
    url: encodeURIComponent(value),
    json: JSON.stringify(value).slice(1, -1),
    base64: bytes.toString('base64').replace(/=+$/, ''),
    base64url: bytes.toString('base64url'),
    basic: Buffer.from(`x-access-token:${value}`).toString('base64').replace(/=+$/, ''),
    hex: bytes.toString('hex'),
  };
};

type Entry = { readonly event: string } & Readonly<Record<string, unknown>>;

interface Running {
  readonly port: number;
  readonly output: () => string;
  readonly entries: () => readonly Entry[];
  /** Resolves once a line fits. */
  until(fits: (entry: Entry) => boolean): Promise<Entry>;
  deliver(payload: object, options?: { readonly event?: string; readonly secret?: string }): Promise<number>;
  get(path: string): Promise<{ readonly status: number; readonly text: string }>;
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** `bivouac serve` as a process of its own, in a world's platform. */
const start = async (world: World, args: readonly string[] = [], cwd = world.platform): Promise<Running> => {
  const child = spawn(process.execPath, [program, 'serve', '--port', '0', ...args], {
    cwd,
    env: {
      PATH: process.env['PATH'],
      ...world.secrets,
      BIVOUAC_WEBHOOK_SECRET: secret,
      BIVOUAC_WEBHOOK_SECRET_PREVIOUS: previous,
    },
  });
  let text = '';
  const listeners = new Set<() => void>();
  const hear = (chunk: Buffer): void => {
    text += chunk.toString();
    listeners.forEach((listen) => listen());
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const entries = (): readonly Entry[] =>
    text
      .split('\n')
      .slice(0, -1)
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Entry);
  const until = (fits: (entry: Entry) => boolean): Promise<Entry> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = entries().find(fits);
        if (found === undefined) return;
        listeners.delete(look);
        resolve(found);
      };
      listeners.add(look);
      void ended.then(() => reject(new Error(`it ended: ${text}`)));
      look();
    });
  const { port } = (await until(({ event }) => event === 'listening')) as Entry & { readonly port: number };
  const origin = `http://127.0.0.1:${port}`;
  return {
    port,
    output: () => text,
    entries,
    until,
    deliver: async (payload, { event = 'pull_request', secret: key = secret } = {}) => {
      const body = JSON.stringify(payload);
      const response = await fetch(`${origin}/webhooks/github`, {
        method: 'POST',
        body,
        headers: {
          'x-github-event': event,
          'x-hub-signature-256': `sha256=${createHmac('sha256', key).update(body).digest('hex')}`,
        },
      });
      await response.text();
      return response.status;
    },
    get: async (path) => {
      const response = await fetch(`${origin}${path}`);
      return { status: response.status, text: await response.text() };
    },
    stop: (signal = 'SIGTERM') => {
      child.kill(signal);
      return ended;
    },
  };
};

const of = (number: number, outcome: string) => (entry: Entry) =>
  entry.event === 'reconciled' && entry['environment'] === `shop/pr-${number}` && entry['outcome'] === outcome;

describe('bivouac serve', () => {
  let world: World;
  let service: Running;
  let number = 100;
  beforeAll(async () => {
    world = await createWorld();
    await addCommit(world.git.directory(), { entries: { 'README.md': 'ours' } });
    world.github.openPullRequest({ number: 1, headSha: head, author: 'missed' });
    service = await start(world);
  });
  afterAll(async () => {
    await service.stop();
    await world.end();
  });
  afterEach(() => world.git.setFault(undefined));
  const open = (): number => {
    world.github.openPullRequest({ number: ++number, headSha: head, author: `x-${number}` });
    return number;
  };

  test('what was missed while nobody listened is repaired at the start', async () => {
    await service.until(of(1, 'Created'));
    expect(await world.files()).toContain('environments/shop/pr-1/environment.json');
  });

  test('a signed delivery: the environment is committed, the pull request is told, a push and a close follow', async () => {
    const at = open();
    expect(service.entries().find(({ event }) => event === 'listening')).toMatchObject({
      watch: 'nobody: set controller.url and BIVOUAC_ARGOCD_TOKEN, or KUBECONFIG',
    });
    expect(await service.deliver(world.github.payload(at, 'opened'))).toBe(202);
    await service.until(of(at, 'Created'));
    expect(await world.files()).toContain(`environments/shop/pr-${at}/environment.json`);
    expect(world.github.comments(at).map(({ body }) => body)).toEqual([
      expect.stringContaining(`bivouac:env:shop-pr-${at}`) as unknown,
    ]);
    world.github.push(at, nextHead);
    expect(await service.deliver(world.github.payload(at, 'synchronize'), { secret: previous })).toBe(202);
    await service.until(of(at, 'Updated'));
    world.github.close(at);
    await service.deliver(world.github.payload(at, 'closed'));
    await service.until(of(at, 'Removed'));
    expect((await world.files()).filter((path) => path.includes(`pr-${at}/`))).toEqual([]);
    const metrics = (await service.get('/metrics')).text;
    expect(metrics).toContain('bivouac_webhooks_total{forge="github",status="202"} 3');
    expect(metrics).toMatch(/bivouac_webhook_to_push_seconds_count 3\n/);
    expect((await service.get('/readyz')).status).toBe(200);
  });

  test('many at once share pushes, one commit each', async () => {
    const all = Array.from({ length: 12 }, open);
    const [before, pushes] = [await world.commits(), world.git.log.length];
    await Promise.all(all.map((at) => service.deliver(world.github.payload(at, 'opened'))));
    for (const at of all) await service.until(of(at, 'Created'));
    expect(await world.commits()).toBe(before + 12);
    const receives = world.git.log
      .slice(pushes)
      .filter(({ method, uri }) => method === 'POST' && uri.includes('git-receive-pack'));
    expect(receives.length).toBeLessThan(9);
  });

  test('bad signatures, big bodies and slow ones do no harm, and leave no trace', async () => {
    const at = open();
    const payload = world.github.payload(at, 'opened');
    expect(await service.deliver(payload, { secret: 'another one' })).toBe(401);
    const send = (text: string): Promise<string> =>
      new Promise((resolve) => {
        const socket = connect(service.port, '127.0.0.1', () => socket.write(text));
        socket.once('data', (chunk) => {
          resolve(chunk.toString());
          socket.destroy();
        });
        socket.on('error', () => resolve(''));
      });
    const request = (length: number): string =>
      `POST /webhooks/github HTTP/1.1\r\nhost: x\r\nx-hub-signature-256: sha256=00\r\ncontent-length: ${length}\r\n\r\n`;
    expect(await send(request(1_000_000_000))).toContain('413');
    const slow = Array.from({ length: 50 }, () => {
      const socket = connect(service.port, '127.0.0.1', () => socket.write(`${request(1000)}x`));
      return socket.on('error', () => undefined);
    });
    expect(await service.deliver(payload)).toBe(202);
    await service.until(of(at, 'Created'));
    slow.forEach((socket) => socket.destroy());
    expect((await service.get('/healthz')).status).toBe(200);
  });

  test('a code host that is down: the pull request waits, is tried again, and nothing else suffers', async () => {
    const [bad, good] = [open(), open()];
    world.github.fault({
      method: 'GET',
      path: new RegExp(`/pulls/${bad}$`),
      when: 'before',
      as: {
        status: 403,
        body: {
          message: `refused ${Object.values(secrets)
            .flatMap((each) => Object.values(formsOf(each)))
            .join(' ')}`,
        },
      },
      times: 1,
    });
    await service.deliver(world.github.payload(bad, 'opened'));
    await service.deliver(world.github.payload(good, 'opened'));
    await service.until(of(good, 'Created'));
    expect(await service.until(({ event }) => event === 'failed')).toMatchObject({
      pullRequest: `acme/shop#${bad}`,
      code: expect.stringMatching(/^CodeHost/) as unknown,
      message: expect.stringContaining('[secret]') as unknown,
      next: 'tried again in 5 s',
    });
    await service.until(of(bad, 'Created'));
  });

  test('a comment without a command is nobody’s business, one with a command is a hint', async () => {
    const at = open();
    const payload = (body: string) => ({
      action: 'created',
      repository: { full_name: 'acme/shop' },
      issue: { number: at, pull_request: {} },
      comment: { id: 7, body, user: { login: 'octocat' } },
    });
    expect(await service.deliver(payload('nice'), { event: 'issue_comment' })).toBe(202);
    expect(await service.deliver(payload('/bivouac up'), { event: 'issue_comment' })).toBe(202);
    await service.until(of(at, 'Created'));
  });

  test('no secret in anything it says, in whatever encoding', async () => {
    const said = [service.output(), (await service.get('/metrics')).text, (await service.get('/readyz')).text].join(
      '\n',
    );
    const leaks = Object.entries(secrets).flatMap(([name, value]) =>
      Object.entries(formsOf(value))
        .filter(([, form]) => said.toLowerCase().includes(form.toLowerCase()))
        .map(([form]) => `${name} (${form})`),
    );
    expect(leaks).toEqual([]);
    expect(said).toContain('[secret]');
  });

  test('a signal while a push is in flight: the push ends, the service too, with 0', async () => {
    const other = await start(world);
    const at = open();
    let go: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (go = resolve));
    const reached = new Promise<void>((resolve) => {
      world.git.setFault(({ method, uri }) => {
        if (method !== 'POST' || !uri.includes('git-receive-pack')) return undefined;
        resolve();
        return { kind: 'delay', until: held };
      });
    });
    await other.deliver(world.github.payload(at, 'opened'));
    await reached;
    const ended = other.stop();
    await other.until(({ event }) => event === 'stopping');
    go();
    expect(await ended).toBe(0);
    expect(other.output()).not.toContain('interrupted');
    expect(other.entries().some(of(at, 'Created'))).toBe(true);
    expect(await world.files()).toContain(`environments/shop/pr-${at}/environment.json`);
  });

  test('configuration and charts from a platform repository', async () => {
    const { readFile } = await import('node:fs/promises');
    const entries: Record<string, string> = { 'platform/bivouac.yaml': await world.configuration() };
    for (const path of ['charts/shop.ts', 'charts.bundle.cjs'])
      entries[`platform/${path}`] = await readFile(join(world.platform, path), 'utf8');
    await world.git.create({ files: entries }, 'acme/platform');
    const other = await start(
      { ...world, secrets: { ...world.secrets, BIVOUAC_PLATFORM_TOKEN: world.git.token } },
      ['--platform-repository', world.git.url('acme/platform'), '--config', 'platform/bivouac.yaml'],
      '/',
    );
    const at = open();
    await other.deliver(world.github.payload(at, 'opened'));
    await other.until(of(at, 'Created'));
    const ready = JSON.parse((await other.get('/readyz')).text) as { readonly platform: { readonly version: string } };
    expect(ready.platform.version).toMatch(/^[0-9a-f]{40}$/);
    const before = await world.leftovers();
    expect(before.filter((name) => name.startsWith('bivouac-platform-'))).toHaveLength(1);
    expect(await other.stop('SIGINT')).toBe(0);
    const left = await world.leftovers();
    expect(left.every((name) => before.includes(name) && name.startsWith('bivouac-git-'))).toBe(true);
    expect(left).toHaveLength(1); // that of the service that still runs
  });

  test('it doesn’t start without a secret, with a bad flag, or where nothing is found', async () => {
    const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}, cwd = world.platform) =>
      bivouac(['serve', ...args], { cwd, env: { ...world.secrets, ...env } });
    const set = { BIVOUAC_WEBHOOK_SECRET: secret };
    for (const [ended, code] of [
      [await run([]), 'CredentialMissing'],
      [await run(['--port', 'tcp://10.0.0.1:80'], set), 'InvalidFlag'],
      [await run(['--sweep-interval', '1s'], set), 'InvalidDuration'],
      [await run(['--sweep-interval', '30d'], set), 'InvalidDuration'],
      [await run([], set, '/'), 'ConfigNotFound'],
      [await run(['--port', String(service.port)], set), 'PortUnavailable'],
      [await run(['--platform-repository', world.git.url('none')], set), 'PlatformUnavailable'],
    ] as const)
      expect(ended).toMatchObject({
        code: code === 'PlatformUnavailable' ? 5 : 2,
        stderr: expect.stringContaining(code) as unknown,
      });
  });
});

describe('bivouac serve, with Argo CD to look at', () => {
  let world: World;
  let argo: FakeArgoCd;
  let service: Running;
  const serving = () => start({ ...world, secrets: { ...world.secrets, BIVOUAC_ARGOCD_TOKEN: argo.token } });
  beforeAll(async () => {
    [world, argo] = await Promise.all([createWorld(), startFakeArgoCd()]);
    await appendFile(join(world.platform, 'bivouac.yaml'), `controller: { url: '${argo.url}' }\n`);
    service = await serving();
    await service.until(({ event }) => event === 'swept'); // it would reconcile once more what opens meanwhile
  });
  afterAll(async () => {
    await service.stop();
    await Promise.all([world.end(), argo.stop()]);
  });
  const tip = (): Promise<string> => runGit(world.git.directory(), ['rev-parse', 'main']);
  const running = (sha: string): ArgoCdMoment => ({ revision: tip, images: [`ghcr.io/acme/shop-api:${sha}`] });
  const waiting: ArgoCdMoment = { sync: 'OutOfSync', health: 'Missing' };
  const comment = (number: number): string => world.github.comments(number)[0]?.body ?? '';
  const writes = (number: number): number =>
    world.github.requests.filter(({ method, path }) => method !== 'GET' && path.includes(`/issues/${number}/`)).length;
  const edits = (): number => world.github.requests.filter(({ method }) => method === 'PATCH').length;
  const observed = (number: number, state: string) => (entry: Entry) =>
    entry.event === 'observed' && entry['environment'] === `shop/pr-${number}` && entry['state'] === state;

  test('opened: deploying, then ready; closed: the receipt', async () => {
    expect(service.entries().find(({ event }) => event === 'listening')).toMatchObject({
      watch: `Argo CD at ${argo.url}`,
    });
    argo.show('shop-pr-1', 'absent', waiting, 'absent', running(head));
    world.github.openPullRequest({ number: 1, headSha: head });
    await service.deliver(world.github.payload(1, 'opened'));
    await service.until(of(1, 'Created'));
    expect(comment(1)).toContain('deploying at `1a2b3c4`');
    expect(comment(1)).toMatch(/the cluster is watched until \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
    expect(await service.until(observed(1, 'ready'))).toMatchObject({ outcome: 'Created' });
    expect(comment(1)).toContain('ready at `1a2b3c4`');
    expect({ made: writes(1), edited: edits() }).toEqual({ made: 1, edited: 1 });
    expect(world.github.deployments().map(({ statuses }) => statuses.map(({ state }) => state))).toEqual([
      ['success', 'in_progress'],
    ]);

    argo.show('shop-pr-1', running(head), running(head), 'absent');
    world.github.close(1);
    await service.deliver(world.github.payload(1, 'closed'));
    await service.until(of(1, 'Removed'));
    expect(comment(1)).toContain('the cluster is watched until');
    world.github.addLabel(1, 'bivouac:off'); // what comes after has nothing to say of the removal, and doesn't end it
    await service.deliver(world.github.payload(1, 'labeled'));
    await service.until(of(1, 'Ignored'));
    expect(service.entries().filter(observed(1, 'removed'))).toEqual([]);
    await service.until(observed(1, 'removed'));
    expect(comment(1)).toMatch(/\| Application `shop-pr-1` \| gone /);
    const metrics = (await service.get('/metrics')).text;
    expect(metrics).toContain('bivouac_observed_total{state="ready"} 1\n');
    expect(metrics).toContain('bivouac_observed_total{state="removed"} 1\n');
    expect(metrics).toMatch(/bivouac_push_to_ready_seconds_count 1\n/);
  });

  test('a push while it is watched: nothing is said of the commit before any more', async () => {
    argo.show('shop-pr-2', waiting);
    world.github.openPullRequest({ number: 2, headSha: head });
    await service.deliver(world.github.payload(2, 'opened'));
    await service.until(of(2, 'Created'));
    argo.show('shop-pr-2', running(nextHead));
    world.github.push(2, nextHead);
    await service.deliver(world.github.payload(2, 'synchronize'));
    await service.until(observed(2, 'ready'));
    expect(comment(2)).toContain('ready at `2b3c4d5`');
    const of2 = service.entries().filter((entry) => entry.event === 'observed' && entry['environment'] === 'shop/pr-2');
    expect(of2).toHaveLength(1);
  });

  test('nobody may look: the comment says so instead of waiting, and the log says why', async () => {
    argo.show('shop-pr-3', waiting);
    world.github.openPullRequest({ number: 3, headSha: head });
    argo.fail(403, 1);
    await service.deliver(world.github.payload(3, 'opened'));
    expect(await service.until(observed(3, 'not-observed'))).toMatchObject({
      message: expect.stringContaining('not observed') as unknown,
    });
    expect(comment(3)).toContain('committed at `1a2b3c4`');
    expect(comment(3)).toContain('was not observed');
    expect(service.output()).not.toContain(argo.token);
  });

  test('a service that dies while it watches: the next one goes on', async () => {
    const other = await serving();
    argo.show('shop-pr-4', waiting);
    world.github.openPullRequest({ number: 4, headSha: head });
    await other.deliver(world.github.payload(4, 'opened'));
    await other.until(of(4, 'Created'));
    await other.stop('SIGKILL');
    expect(comment(4)).toContain('deploying at');
    argo.show('shop-pr-4', running(head));
    const next = await serving();
    await next.until(observed(4, 'ready'));
    expect(comment(4)).toContain('ready at `1a2b3c4`');
    expect(await next.stop()).toBe(0);
  });
});
