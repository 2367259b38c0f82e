import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import type { FakeGitHub, FakeGitHubOptions } from '../../src/demo/fake-github/server.js';
import { gitHub } from '../../src/forges/github/github.js';
import type { JoinedName } from '../../src/model/names.js';
import { repositoryName } from '../../src/model/pull-request.js';
import { startJudgedGitHub } from '../contract/judged.js';
import { head, refTo, shop } from './connect.js';

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = (type: 'pkcs1' | 'pkcs8'): string => keys.privateKey.export({ type, format: 'pem' }).toString();
const app: NonNullable<FakeGitHubOptions['app']> = {
  ...{ id: '4711', slug: 'acme-previews', installations: { acme: 1, other: 2 } },
  publicKey: keys.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  permissions: { contents: 'read', pullRequests: 'write', deployments: 'write' },
};

let fake: FakeGitHub;
let notes: string[];
beforeEach(async () => {
  notes = [];
  fake = await startJudgedGitHub({ app, tokens: {} });
  fake.openPullRequest({ number: 42, headSha: head });
});
afterEach(() => fake.stop());

const connect = (privateKey = pem('pkcs1'), id = app.id) =>
  gitHub({
    ...{ url: 'https://github.com', apiUrl: fake.url, app: { id, privateKey }, environment: {}, pauseMs: 1 },
    log: (text) => notes.push(text),
  });
const minted = (): number => fake.requests.filter(({ path }) => path.endsWith('/access_tokens')).length;

describe('a GitHub App', () => {
  test.each([
    ['PKCS#1, as GitHub gives it', pem('pkcs1')],
    ['PKCS#8', pem('pkcs8')],
    ['one line', pem('pkcs1').replaceAll('\n', '\\n')],
  ])('signs with its key (%s)', async (_name, key) => {
    expect(await connect(key).read(refTo(42))).toMatchObject({ number: 42 });
  });

  test('mints one token an owner, late, and uses it on every page', async () => {
    const other = fake.repository('other/api', 99);
    other.openPullRequest({ number: 42, headSha: head });
    for (let number = 1000; number < 1150; number++) fake.openPullRequest({ number, headSha: head });
    const host = connect();
    expect(minted()).toBe(0);
    expect(await host.listOpen(shop)).toHaveLength(151);
    await host.read(refTo(42));
    expect(minted()).toBe(1);
    await host.read(refTo(42, repositoryName('other/api')));
    await host.read(refTo(42));
    expect(minted()).toBe(2);
  });

  test('knows its own comments', async () => {
    const say = (body: string) =>
      connect().comment(refTo(42), { name: 'shop-pr-42' as JoinedName, body, when: 'always' });
    await say('first');
    await say('second');
    expect(fake.comments(42).map(({ body, user }) => [body, user?.login])).toEqual([
      ['<!-- bivouac:env:shop-pr-42 -->\nsecond', 'acme-previews[bot]'],
    ]);
  });

  test('that isn’t installed there, or another’s key, is refused with what to do; nothing shows the key', async () => {
    fake.repository('stranger/shop', 5).openPullRequest({ number: 42, headSha: head });
    const failures = await Promise.all(
      [connect().read(refTo(42, repositoryName('stranger/shop'))), connect(pem('pkcs8'), '1').read(refTo(42))].map(
        (each) => each.catch((error: unknown) => error),
      ),
    );
    expect(failures).toMatchObject([{ code: 'AppNotInstalled' }, { code: 'CodeHostUnauthorized' }]);
    const line = pem('pkcs8').split('\n')[1]!;
    expect(inspect(failures, { depth: 20, showHidden: true }) + notes.join('')).not.toContain(line);
    expect(() => connect('nonsense')).toThrow(expect.objectContaining({ code: 'InvalidPrivateKey' }));
  });
});

test('GitHub Enterprise Server: everything below /api/v3, GraphQL beside it', async () => {
  const account = { login: 'previews[bot]', id: 7, type: 'Bot' } as const;
  const permissions = { contents: 'read', pullRequests: 'write', deployments: 'write', statuses: 'write' } as const;
  const server = await startJudgedGitHub({
    basePath: '/api/v3',
    tokens: { t: { account, kind: 'installation', permissions } },
  });
  server.openPullRequest({ number: 42, headSha: head });
  const host = gitHub({ url: server.url, token: 't', environment: {}, log: () => undefined, pauseMs: 1 });
  const name = 'shop-pr-42' as JoinedName;
  for (const body of ['first', 'second']) await host.comment(refTo(42), { name, body, when: 'always' });
  const told = { name, headSha: head, description: 'x', when: 'always' } as const;
  await host.deployment(refTo(42), { ...told, environment: 'shop', state: 'in_progress' });
  await host.status(refTo(42), { ...told, state: 'pending' });
  expect(server.comments(42)).toHaveLength(1);
  expect([server.deployments().length, server.statuses().length]).toEqual([1, 1]);
  await server.stop();
});
