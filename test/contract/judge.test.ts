import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Exchange } from '../../src/demo/fake-github/exchange.js';
import { startFakeGitHub } from '../../src/demo/fake-github/server.js';
import { judge } from './judge.js';
import { type JudgedGitHub, startJudgedGitHub } from './judged.js';

const head = '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d';
const shop = '/repos/acme/shop';
const person = {
  account: { login: 'octocat', id: 5, type: 'User' },
  kind: 'person',
  permissions: { contents: 'read', pullRequests: 'write', deployments: 'write', statuses: 'write' },
} as const;

let fake: JudgedGitHub;
beforeEach(async () => {
  fake = await startJudgedGitHub({ tokens: { t: person } });
  fake.openPullRequest({
    ...{ number: 1, headSha: head, labels: ['bivouac:on'], headRepository: null },
    files: [{ filename: 'a' }, { filename: 'b', previous: 'c' }],
  });
});
afterEach(() => fake.stop().catch(() => undefined));

const ask = async (method: string, path: string, body?: object): Promise<{ readonly id?: number }> => {
  const headers = { authorization: 'token t', 'content-type': 'application/json' };
  const response = await fetch(fake.url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  const text = await response.text();
  return text === '' ? {} : (JSON.parse(text) as { readonly id?: number });
};

describe('the fake is as GitHub describes itself', () => {
  test('what is read', async () => {
    fake.putFile(head, 'file', 'hello');
    for (const type of ['dir', 'symlink', 'submodule'] as const) fake.putFile(head, type, { type });
    fake.putRef('main', 'a'.repeat(40));
    for (const path of ['', '/pulls', '/pulls/1', '/pulls/1/files', '/pulls/2', '/commits/main', '/commits/nope'])
      await ask('GET', shop + path);
    for (const path of ['file', 'dir', 'symlink', 'submodule', 'none'])
      await ask('GET', `${shop}/contents/${path}?ref=${head}`);
    for (const path of [
      '/issues/1/labels',
      '/issues/1/comments',
      '/deployments?environment=shop',
      `/commits/${head}/status`,
    ])
      await ask('GET', shop + path);
    for (const path of [`${shop}/compare/main...${head}`, `${shop}/collaborators/x/permission`, '/user', '/rate_limit'])
      await ask('GET', path);
    expect(fake.violations()).toEqual([]);
  });

  test('what is written', async () => {
    const { id: comment } = await ask('POST', `${shop}/issues/1/comments`, { body: 'x' });
    await ask('GET', `${shop}/issues/comments/${comment}`);
    await ask('PATCH', `${shop}/issues/comments/${comment}`, { body: 'y' });
    await ask('POST', `${shop}/issues/comments/${comment}/reactions`, { content: '+1' });
    await ask('DELETE', `${shop}/issues/comments/${comment}`);
    await ask('POST', `${shop}/issues/1/labels`, { labels: ['a'] });
    for (let i = 0; i < 2; i++) await ask('DELETE', `${shop}/issues/1/labels/a`);
    const wanted = { ref: head, auto_merge: false, required_contexts: [], environment: 'shop', payload: { x: 'y' } };
    const { id } = await ask('POST', `${shop}/deployments`, wanted);
    await ask('POST', `${shop}/deployments/${id}/statuses`, { state: 'success', environment_url: 'https://x.example' });
    await ask('GET', `${shop}/deployments/${id}/statuses`);
    await ask('POST', `${shop}/statuses/${head}`, { state: 'success', context: 'x' });
    await ask('GET', `${shop}/commits/${head}/status`);
    expect(fake.violations()).toEqual([]);
  });
});

describe('the judge', () => {
  test.each<[string, string, string, object | undefined, RegExp]>([
    ['a path that GitHub doesn’t have', 'GET', `${shop}/nothing`, undefined, /no such operation/],
    ['a parameter that it doesn’t have', 'GET', `${shop}/pulls?limit=5`, undefined, /\?limit isn’t described/],
    ['a value that it doesn’t know', 'GET', `${shop}/pulls?direction=up`, undefined, /\?direction must be equal/],
    ['a field of another type', 'POST', `${shop}/issues/1/labels`, { labels: 'a,b' }, /sent/],
  ])('sees %s', async (...[, method, path, body, fault]) => {
    await ask(method, path, body);
    expect(fake.violations().join('\n')).toMatch(fault);
    await expect(fake.stop()).rejects.toThrow('GitHub describes it otherwise');
  });

  test.each<[string, Partial<Exchange>, RegExp]>([
    ['an answer that lacks a field', { answer: { id: 1 } }, /answer must have required property/],
    ['a status that is never given', { status: 418, answer: {} }, /status 418 isn’t described/],
    ['a refusal in another form', { status: 403, answer: { error: 1, message: 5 } }, /answer\/message must be string/],
    [
      'a body where none may be',
      { method: 'DELETE', path: `${shop}/issues/comments/1`, status: 204, answer: {} },
      /none is described/,
    ],
  ])('sees %s', (_name, change, fault) => {
    const exchange = { method: 'GET', path: `${shop}/pulls/1`, query: {}, sent: undefined, status: 200, answer: {} };
    expect(judge({ ...exchange, ...change }).join('\n')).toMatch(fault);
  });
});

describe('what no description says', () => {
  const connect = async (options: Parameters<typeof startFakeGitHub>[0]) => {
    const github = await startFakeGitHub({ tokens: { t: person }, ...options });
    github.openPullRequest({ number: 1, headSha: head });
    const send = (method: string, path: string, headers: Record<string, string> = {}) =>
      fetch(github.url + shop + path, {
        method,
        headers: { authorization: 'token t', ...headers },
        ...(method === 'GET' ? {} : { body: '{"body":"x"}' }),
      });
    return { github, send };
  };

  test('a tag is answered by 304 until something changes', async () => {
    const { github, send } = await connect({});
    const tag = (await send('GET', '/pulls/1')).headers.get('etag') ?? '';
    const again = await send('GET', '/pulls/1', { 'if-none-match': tag });
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', tag]);
    github.addLabel(1, 'x');
    expect((await send('GET', '/pulls/1', { 'if-none-match': tag })).status).toBe(200);
    await github.stop();
  });

  test('who asks too much waits: points, content a minute, content an hour; a 304 is free', async () => {
    let now = 0;
    const { github, send } = await connect({
      rates: { now: () => now, pointsPerMinute: 30, contentPerMinute: 3, contentPerHour: 5 },
    });
    const post = async (): Promise<number> => (await send('POST', '/issues/1/comments')).status;
    const posts = async (count: number) => {
      const found: number[] = [];
      for (let i = 0; i < count; i++) found.push(await post());
      return found;
    };
    expect(await posts(4)).toEqual([201, 201, 201, 403]);
    const tag = (await send('GET', '/pulls/1')).headers.get('etag') ?? '';
    for (let i = 0; i < 20; i++) expect((await send('GET', '/pulls/1', { 'if-none-match': tag })).status).toBe(304);
    for (let i = 0; i < 14; i++) expect((await send('GET', '/pulls/1')).status).toBe(200); // 15 + 15 points
    const refused = await send('GET', '/pulls/1');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([403, '60']);
    now += 61_000;
    expect(await posts(3)).toEqual([201, 201, 403]); // the hour's
    now += 3_600_000;
    expect(await post()).toBe(201);
    await github.stop();
  });

  test.each([
    ['GET', '/contents/x', 'contents=read'],
    ['GET', '/pulls/1', 'pull_requests=read'],
    ['POST', '/issues/1/comments', 'pull_requests=write'],
    ['POST', '/deployments', 'deployments=write'],
    ['GET', '/deployments', 'deployments=read'],
    ['POST', `/statuses/${head}`, 'statuses=write'],
    ['GET', `/commits/${head}/status`, 'statuses=read'],
  ])('%s %s needs %s', async (method, path, need) => {
    const { github, send } = await connect({ tokens: { t: { ...person, permissions: {} } } });
    const answer = await send(method, path);
    expect([answer.status, answer.headers.get('x-accepted-github-permissions')]).toEqual([403, need]);
    await github.stop();
  });
});
