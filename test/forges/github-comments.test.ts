import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createRequire } from 'node:module';
import type { FakeGitHub } from '../../src/demo/fake-github/server.js';
import type { Fault, Token } from '../../src/demo/fake-github/state.js';
import { startJudgedGitHub } from '../contract/judged.js';
import { markerOf } from '../../src/feedback/port.js';
import { gitHub } from '../../src/forges/github/github.js';
import type { JoinedName } from '../../src/model/names.js';
import { pullRequestNumber, repositoryName } from '../../src/model/pull-request.js';

const name = 'shop-pr-42' as JoinedName;
const ref = { forge: 'github', repository: repositoryName('acme/shop'), number: pullRequestNumber(42) } as const;
const permissions = { contents: 'read', pullRequests: 'write' } as const;
const tokens: Readonly<Record<string, Token>> = {
  workflow: {
    account: { login: 'github-actions[bot]', id: 41_898_282, type: 'Bot' },
    kind: 'installation',
    permissions,
  },
  app: { account: { login: 'acme-previews[bot]', id: 7, type: 'Bot' }, kind: 'installation', permissions },
  person: { account: { login: 'octocat', id: 8, type: 'User' }, kind: 'person', permissions },
  reader: {
    account: { login: 'github-actions[bot]', id: 41_898_282, type: 'Bot' },
    kind: 'installation',
    permissions: { contents: 'read', pullRequests: 'read' },
  },
};

let fake: FakeGitHub;
beforeEach(async () => {
  fake = await startJudgedGitHub({ tokens });
  fake.openPullRequest({ number: 42, headSha: 'a'.repeat(40) });
});
afterEach(() => fake.stop());

const connect = (token = 'workflow') =>
  gitHub({
    url: 'https://github.com',
    apiUrl: fake.url,
    token,
    environment: {},
    log: () => undefined,
    pauseMs: 1,
    deadlineMs: 1500,
  });
const say = (
  body: string,
  { token = 'workflow', when = 'always' }: { token?: string; when?: 'always' | 'update' } = {},
) => connect(token).comment(ref, { name, body, when });
const bodies = (): readonly (string | undefined)[] => fake.comments(42).map(({ body }) => body);
const textOf = (body: string): string => `${markerOf(name)}\n${body}`;
const writes = (): number => fake.requests.filter(({ method, path }) => method !== 'GET' && path !== '/graphql').length;

describe('the sticky comment', () => {
  test.each(['workflow', 'app', 'person'])(
    'is made once, edited in place, left when it is right (%s)',
    async (token) => {
      await say('first', { token });
      await say('second', { token });
      const before = writes();
      await say('second', { token });
      expect(bodies()).toEqual([textOf('second')]);
      expect([before, writes()]).toEqual([2, 2]);
    },
  );

  test('an `update` begins none, and says nothing twice about the same state', async () => {
    await say('removed', { when: 'update' });
    expect(bodies()).toEqual([]);
    await say('<!-- bivouac:state:committed a -->\ncreated');
    await say('<!-- bivouac:state:committed a -->\nunchanged', { when: 'update' });
    expect(bodies()[0]).toMatch(/created$/);
    await say('<!-- bivouac:state:none Closed -->\nremoved', { when: 'update' });
    expect(bodies()[0]).toMatch(/removed$/);
    await say('<!-- bivouac:state:none Closed -->\nupdated with other words');
    expect(bodies()[0]).toMatch(/updated with other words$/);
  });

  test('what somebody saw isn’t taken back by an `update` that saw nothing, of the same commit and end', async () => {
    const unseen = (words: string) => say(`<!-- bivouac:state:committed ${words} -->\nunseen`, { when: 'update' });
    await say('<!-- bivouac:state:ready a active 10:04 -->\nready');
    await unseen('a active 10:04');
    expect(bodies()[0]).toMatch(/ready$/);
    for (const words of ['b active 10:04', 'a asleep 10:04', 'a active 11:04']) {
      await say('<!-- bivouac:state:ready a active 10:04 -->\nready');
      await unseen(words);
      expect(bodies()[0]).toMatch(/unseen$/);
    }
    await say('<!-- bivouac:state:failed a active 10:04 -->\nfailed');
    await say('<!-- bivouac:state:ready a active 10:04 -->\nready', { when: 'update' });
    expect(bodies()[0]).toMatch(/ready$/);
  });

  test('somebody else’s marker is theirs; of two of ours the oldest stays', async () => {
    fake.writeComment(42, { author: 'mallory', body: textOf('mine') });
    fake.writeComment(42, { author: 'evil[bot]', body: textOf('mine too') });
    fake.writeComment(42, { author: 'octocat', body: `quoting ${markerOf(name)}` });
    await say('ours', { token: 'person' });
    fake.writeComment(42, { author: 'octocat', body: 'between' });
    await say('again', { token: 'person' });
    expect(bodies()).toEqual([
      textOf('mine'),
      textOf('mine too'),
      `quoting ${markerOf(name)}`,
      textOf('again'),
      'between',
    ]);
  });

  test('one that people deleted comes back; another environment has its own', async () => {
    await say('first');
    fake.deleteComment(Number(fake.comments(42)[0]?.id));
    await say('second');
    await connect().comment(ref, { name: 'api-pr-42' as JoinedName, body: 'other', when: 'always' });
    expect(bodies()).toEqual([textOf('second'), `${markerOf('api-pr-42' as JoinedName)}\nother`]);
  });

  test('is found behind 250 others', async () => {
    for (let i = 0; i < 250; i++) fake.writeComment(42, { author: 'octocat', body: `comment ${i}` });
    await say('first');
    await say('second');
    expect(bodies().slice(250)).toEqual([textOf('second')]);
  });

  test('two runs at once leave one comment', async () => {
    await Promise.all([say('from one'), say('from the other')]);
    expect(bodies()).toHaveLength(1);
  });

  test('who we are is learnt from what we wrote, where GitHub does not say', async () => {
    fake.fault({
      method: 'POST',
      path: /graphql/,
      when: 'before',
      as: { status: 403, body: { message: 'no' } },
      times: 9,
    });
    await say('first', { token: 'app' });
    await say('second', { token: 'app' });
    expect(bodies()).toEqual([textOf('second')]);
  });
});

describe('faults', () => {
  const post = { method: 'POST', path: /\/comments$/ } as const;
  const outage = { status: 502, body: { message: 'Bad Gateway' } };
  test.each<[string, Fault['when'], Fault['as']]>([
    ['502 after the effect', 'after', outage],
    ['a reset after the effect', 'after', 'reset'],
    ['a cut answer after the effect', 'after', 'truncated'],
    ['silence after the effect', 'after', 'silent'],
    ['502 before the effect', 'before', outage],
    ['a reset before the effect', 'before', 'reset'],
    ['silence before the effect', 'before', 'silent'],
  ])('%s: exactly one comment', async (_name, when, as) => {
    fake.fault({ ...post, when, as });
    await say('hello');
    expect(bodies()).toEqual([textOf('hello')]);
  });

  test('an outage that lasts is told with what may have changed', async () => {
    fake.fault({ ...post, when: 'before', as: outage, times: 9 });
    await expect(say('hello')).rejects.toMatchObject({
      code: 'CodeHostUnavailable',
      changed: 'unknown: the comment may be there',
    });
    expect(fake.requests.filter(({ method }) => method === 'POST')).toHaveLength(2);
  });

  test('a refusal is not repeated', async () => {
    await expect(say('hello', { token: 'reader' })).rejects.toMatchObject({ code: 'CodeHostForbidden' });
    expect(fake.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
    await expect(say('')).resolves.toBeUndefined(); // a marker alone is a comment, too
    await expect(say('x'.repeat(70_000))).rejects.toMatchObject({ code: 'CodeHostRefused' });
  });

  test('an edit that met an outage is made again', async () => {
    await say('first');
    fake.fault({ method: 'PATCH', path: /\/comments\//, when: 'after', as: outage });
    await say('second');
    expect(bodies()).toEqual([textOf('second')]);
  });
});

describe('the fake’s payloads', () => {
  const real = (
    createRequire(import.meta.url)('@octokit/webhooks-examples') as readonly {
      readonly name: string;
      readonly examples: readonly Record<string, unknown>[];
    }[]
  )
    .filter((event) => event.name === 'pull_request')
    .flatMap((event) => event.examples);
  const keys = (value: unknown): readonly string[] => Object.keys(value as object).sort();

  test.each(['opened', 'reopened', 'synchronize', 'closed', 'labeled', 'unlabeled', 'ready_for_review'] as const)(
    '%s has what GitHub’s own has',
    (action) => {
      const example = real.find((payload) => payload['action'] === action);
      const payload = fake.payload(42, action, /label/.test(action) ? 'bivouac:on' : undefined) as typeof example;
      expect(keys(payload)).toEqual(keys(example).filter((key) => key !== 'installation'));
      expect(keys(payload?.['pull_request'])).toEqual(expect.arrayContaining([...keys(real[0]?.['pull_request'])]));
      expect(payload).toMatchObject({ number: 42, repository: { full_name: 'acme/shop', id: 724_712 } });
    },
  );
});
