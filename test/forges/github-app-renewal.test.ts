import { expect, jest, test } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { gitHub } from '../../src/forges/github/github.js';
import { startJudgedGitHub } from '../contract/judged.js';
import { head, refTo } from './connect.js';

// by itself: the throttle that all clients of a process share doesn't like a clock that goes back
test('a GitHub App mints another token before the hour is over, also where it was installed anew', async () => {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const publicKey = keys.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const privateKey = keys.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  const installations: Record<string, number> = { acme: 1 };
  const app = {
    id: '4711',
    slug: 'acme-previews',
    installations,
    publicKey,
    permissions: { pullRequests: 'read' },
  } as const;
  const fake = await startJudgedGitHub({ app, tokens: {} });
  fake.openPullRequest({ number: 42, headSha: head });
  const minted = (): number => fake.requests.filter(({ path }) => path.endsWith('/access_tokens')).length;
  const host = gitHub({
    url: 'https://github.com',
    apiUrl: fake.url,
    app: { id: '4711', privateKey },
    environment: {},
    log: () => undefined,
  });
  const lookedUp = (): number => fake.requests.filter(({ path }) => path.endsWith('/installation')).length;
  const start = Date.now();
  await host.read(refTo(42));
  const timers = ['setTimeout', 'setInterval', 'setImmediate', 'nextTick', 'queueMicrotask', 'performance'] as const;
  jest.useFakeTimers({ now: start + 58 * 60_000, doNotFake: [...timers] });
  await host.read(refTo(42));
  expect(minted()).toBe(1);
  jest.setSystemTime(start + 61 * 60_000);
  await host.read(refTo(42));
  expect([minted(), lookedUp()]).toEqual([2, 1]);
  installations['acme'] = 2;
  jest.setSystemTime(start + 122 * 60_000);
  await host.read(refTo(42));
  expect([minted(), lookedUp()]).toEqual([4, 2]); // one of them in vain
  jest.useRealTimers();
  await fake.stop();
});
