import { beforeEach, describe, expect, test } from '@jest/globals';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import type { FakeGitHub } from '../../src/demo/fake-github/server.js';
import { gitHub } from '../../src/forges/github/github.js';
import { apiUrlOf } from '../../src/forges/github/urls.js';
import type { RepositoryName } from '../../src/model/pull-request.js';
import { head, refTo, shop, useFakeGitHub } from './connect.js';

const { connect, fakeOf, notes } = useFakeGitHub();
let fake: FakeGitHub;
beforeEach(() => {
  fake = fakeOf();
});

describe('failures', () => {
  const answer = (status: number, headers: Record<string, string> = {}, message = 'no') => ({
    status,
    headers,
    body: { message },
  });
  test.each([
    ['401', answer(401), 'RefusedError', 'CodeHostUnauthorized'],
    ['403', answer(403), 'RefusedError', 'CodeHostForbidden'],
    ['404', answer(404), 'RefusedError', 'CodeHostNotFound'],
    ['410', answer(410), 'RefusedError', 'CodeHostRefused'],
    ['301', answer(301, { location: '/repositories/1' }), 'RefusedError', 'CodeHostMoved'],
    ['429', answer(429, { 'retry-after': '86400' }), 'TemporaryError', 'RateLimited'],
    [
      '429 with a date',
      answer(429, { 'retry-after': 'Wed, 25 Nov 2026 10:00:00 GMT' }),
      'TemporaryError',
      'RateLimited',
    ],
    ['429, negative', answer(429, { 'retry-after': '-5' }), 'TemporaryError', 'RateLimited'],
    [
      '403, none left',
      answer(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '4000000000' }),
      'TemporaryError',
      'RateLimited',
    ],
    ['403, secondary', answer(403, { 'retry-after': '3600' }, 'secondary rate limit'), 'TemporaryError', 'RateLimited'],
    ['502', answer(502), 'TemporaryError', 'CodeHostUnavailable'],
    ['a reset', 'reset', 'TemporaryError', 'CodeHostUnavailable'],
    ['a cut body', 'truncated', 'TemporaryError', 'CodeHostUnavailable'],
    ['silence', 'silent', 'TemporaryError', 'CodeHostTimeout'],
  ] as const)('%s has its class and code', async (...[, as, kind, code]) => {
    fake.openPullRequest({ number: 1, headSha: head });
    fake.fault({ method: 'GET', path: /\/pulls\/1$/, when: 'before', as, times: 2 });
    const failure = connect({ deadlineMs: 300 }).read(refTo(1));
    await expect(failure).rejects.toMatchObject({ class: kind, code, changed: 'nothing' });
  });

  test('an outage of a moment, and a rate limit that is over, are waited out when reading', async () => {
    fake.openPullRequest({ number: 1, headSha: head });
    const path = /\/pulls\/1$/;
    fake.fault({ method: 'GET', path, when: 'before', as: answer(502) });
    expect(await connect().read(refTo(1))).toMatchObject({ number: 1 });
    const over = answer(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '0' });
    fake.fault({ method: 'GET', path, when: 'before', as: over });
    expect(await connect().read(refTo(1))).toMatchObject({ number: 1 });
    expect(notes()).toEqual(["GitHub's rate limit is reached; waiting 0 s"]);
  });

  test('a next page on another host gets nothing', async () => {
    const heard: string[] = [];
    const foreign = createServer((request, response) => {
      heard.push(request.url ?? '');
      response.end('[]');
    });
    await new Promise<void>((resolve) => foreign.listen(0, '127.0.0.1', resolve));
    const elsewhere = `http://127.0.0.1:${(foreign.address() as AddressInfo).port}/pulls?page=2`;
    fake.fault({
      method: 'GET',
      path: /\/pulls$/,
      when: 'after',
      as: { status: 200, headers: { link: `<${elsewhere}>; rel="next"` }, body: [] },
    });
    await expect(connect().listOpen(shop)).rejects.toMatchObject({ code: 'CodeHostForeignOrigin' });
    expect(heard).toEqual([]);
    await new Promise((resolve) => foreign.close(resolve));
  });

  test('a repository that would leave its path is refused before anything is sent', async () => {
    const bad = 'acme/..' as RepositoryName;
    await expect(connect().read(refTo(1, bad))).rejects.toMatchObject({ code: 'InvalidRepository' });
    await expect(connect().listOpen(bad)).rejects.toMatchObject({ code: 'InvalidRepository' });
    expect(fake.requests).toEqual([]);
  });

  test('a wrong token, a server that is gone, and no error that holds the token', async () => {
    const failure = await connect({ token: 'ghp_wrong' })
      .read(refTo(1))
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'CodeHostUnauthorized' });
    expect(inspect(failure, { depth: 20, showHidden: true })).not.toContain('ghp_wrong');
    const gone = connect({ apiUrl: 'http://127.0.0.1:9' });
    await expect(gone.read(refTo(1))).rejects.toMatchObject({ code: 'CodeHostUnavailable' });
  });
});

describe('addresses', () => {
  test.each([
    ['https://github.com', 'https://api.github.com'],
    ['https://github.com/', 'https://api.github.com'],
    ['https://acme.ghe.com', 'https://api.acme.ghe.com'],
    ['https://git.acme.example/', 'https://git.acme.example/api/v3'],
  ])('the API of %s', (web, api) => {
    expect(apiUrlOf(web)).toBe(api);
  });

  test.each(['http://github.com', 'github.com', 'https://user:pass@github.com', 'file:///etc'])(
    '%s is refused',
    (web) => {
      expect(() => apiUrlOf(web)).toThrow(expect.objectContaining({ code: 'InvalidForgeUrl' }));
    },
  );

  test('a proxy that Node does not heed is mentioned', () => {
    const environment = { HTTPS_PROXY: 'http://user:secret@proxy:3128' };
    const notes: string[] = [];
    gitHub({ url: 'https://github.com', environment, log: (text) => notes.push(text) });
    expect(notes.join()).toMatch(/HTTPS_PROXY is set, but GitHub is called directly/);
    expect(notes.join()).not.toContain('secret');
  });
});
