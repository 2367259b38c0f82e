import { beforeEach, describe, expect, test } from '@jest/globals';
import { faultScripts } from '../../src/demo/fake-github/fault-scripts.js';
import type { FakeGitHub } from '../../src/demo/fake-github/server.js';
import type { Fault, Token } from '../../src/demo/fake-github/state.js';
import type { CommitStatus, DeploymentState } from '../../src/feedback/port.js';
import type { JoinedName } from '../../src/model/names.js';
import { commitSha } from '../../src/model/pull-request.js';
import { head, refTo, useFakeGitHub } from './connect.js';

const name = 'shop-pr-42' as JoinedName;
const next = commitSha('2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e');
const account = { login: 'acme-previews[bot]', id: 7, type: 'Bot' } as const;
const token = (permissions: Token['permissions']): Token => ({ account, kind: 'installation', permissions });
const { connect, fakeOf } = useFakeGitHub({
  tokens: {
    all: token({ deployments: 'write', statuses: 'write' }),
    reader: token({ deployments: 'read', statuses: 'read' }),
  },
});
let fake: FakeGitHub;
beforeEach(() => {
  fake = fakeOf();
  fake.openPullRequest({ number: 42, headSha: head });
});

const deployment = (change: Partial<DeploymentState> = {}): DeploymentState => ({
  ...{ name, environment: 'shop', headSha: head, state: 'in_progress', description: 'in Git', when: 'always' },
  ...{ url: 'https://shop-pr-42.preview.example.com', logUrl: 'https://github.com/acme/gitops/tree/main/x' },
  ...change,
});
const deploy = (change: Partial<DeploymentState> = {}, using = connect()) =>
  using.deployment(refTo(42), deployment(change));
/** Writes since the last time. */
const counter = () => {
  let seen = 0;
  return (): readonly string[] => {
    const writes = fake.requests.filter(({ method }) => method !== 'GET');
    const fresh = writes.slice(seen).map(({ method, path }) => `${method} ${path.split('/').at(-1)}`);
    seen = writes.length;
    return fresh;
  };
};
/** State of each deployment, oldest first. */
const states = (): readonly string[] =>
  [...fake.deployments()].reverse().map(({ sha, statuses }) => `${sha.slice(0, 4)} ${statuses[0]?.state ?? 'none'}`);

describe('a deployment', () => {
  test('is made as GitHub shows it best, and said again costs nothing', async () => {
    const writes = counter();
    await deploy();
    expect(writes()).toEqual(['POST deployments', 'POST statuses']);
    expect(fake.deployments()).toMatchObject([
      {
        ...{
          sha: head,
          ref: head,
          environment: 'shop',
          task: name,
          payload: { bivouac: name },
          creator: { login: account.login },
        },
        ...{ transient_environment: true, production_environment: false },
        statuses: [
          {
            ...{
              state: 'in_progress',
              description: 'in Git',
              environment_url: 'https://shop-pr-42.preview.example.com',
            },
            log_url: 'https://github.com/acme/gitops/tree/main/x',
          },
        ],
      },
    ]);
    await deploy();
    await deploy({ description: 'nobody looked again', when: 'missing' });
    expect(writes()).toEqual([]);
    await deploy({ state: 'success', description: 'ready' });
    await deploy({ when: 'missing' });
    expect(writes()).toEqual(['POST statuses']);
    expect(states()).toEqual(['1a2b success']);
  });

  test('of a new head is another; the older ones end when there is nothing else to write', async () => {
    await deploy();
    const writes = counter();
    writes();
    await deploy({ headSha: next });
    expect(writes()).toEqual(['POST deployments', 'POST statuses']);
    await deploy({ headSha: next, when: 'missing' });
    expect([writes(), states()]).toEqual([['POST statuses'], ['1a2b inactive', '2b3c in_progress']]);
    await deploy({ headSha: next, when: 'missing' });
    expect(writes()).toEqual([]);
  });

  test('all are inactive once the environment is gone, and come back with it', async () => {
    await deploy();
    await deploy({ headSha: next });
    await deploy({ headSha: next, state: 'inactive' });
    expect(states()).toEqual(['1a2b inactive', '2b3c inactive']);
    const writes = counter();
    writes();
    await deploy({ headSha: next, state: 'inactive' });
    expect(writes()).toEqual([]);
    await deploy({ headSha: next, when: 'missing' });
    expect(states()).toEqual(['1a2b inactive', '2b3c in_progress']);
  });

  test('one that never was isn’t made to end it', async () => {
    await deploy({ state: 'inactive' });
    expect(fake.deployments()).toEqual([]);
  });

  test('another environment’s, and somebody else’s of the same name, are left alone', async () => {
    await deploy({ name: 'shop-pr-43' as JoinedName });
    const theirs = {
      ref: head,
      auto_merge: false,
      required_contexts: [],
      environment: 'shop',
      task: name,
      payload: 'theirs',
    };
    await fetch(`${fake.url}/repos/acme/shop/deployments`, {
      method: 'POST',
      headers: { authorization: 'token all' },
      body: JSON.stringify(theirs),
    });
    await deploy();
    await deploy({ state: 'inactive' });
    expect(states()).toEqual(['1a2b in_progress', '1a2b none', '1a2b inactive']);
  });

  const where = { method: 'POST', path: /\/(deployments|statuses)$/ } as const;
  test.each<[string, Fault]>([
    ['a reset after the effect', faultScripts.resetAfterEffect(where)],
    ['502 after the effect', faultScripts.badGatewayAfterEffect(where)],
    ['a cut answer', faultScripts.truncated(where)],
    ['502 before the effect', { ...where, when: 'before', as: { status: 502 } }],
  ])('%s: exactly one, with one status', async (_name, fault) => {
    fake.fault({ ...fault, times: 1 });
    fake.fault({ ...fault, path: /\/deployments\/\d+\/statuses$/, times: 1 });
    await deploy();
    expect(fake.deployments().map(({ statuses }) => statuses.length)).toEqual([1]);
  });

  test('without the right to it: said with the remedy, and nothing is repeated', async () => {
    await expect(deploy({}, connect({ token: 'reader' }))).rejects.toMatchObject({
      code: 'CodeHostForbidden',
      remedy: expect.stringContaining('deployments: write'),
    });
    expect(counter()()).toEqual(['POST deployments']);
  });

  test('a secondary limit is told as one', async () => {
    fake.fault(faultScripts.secondaryLimit(where));
    await expect(deploy()).rejects.toMatchObject({ code: 'RateLimited', data: { retryAfterSeconds: 60 } });
  });
});

describe('a commit’s status', () => {
  const status = (change: Partial<CommitStatus> = {}): CommitStatus => ({
    ...{ name, headSha: head, state: 'pending', description: 'in Git', url: 'https://x.example', when: 'always' },
    ...change,
  });
  const say = (change: Partial<CommitStatus> = {}) => connect().status(refTo(42), status(change));
  const said = (): readonly string[] =>
    [...fake.statuses()].reverse().map(({ context, state }) => `${context} ${state}`);

  test('is written when it changes', async () => {
    await say();
    await say();
    await say({ state: 'success' });
    await say({ when: 'missing' });
    await say({ name: 'shop-e2e-42' as JoinedName });
    expect(said()).toEqual(['bivouac/shop-pr-42 pending', 'bivouac/shop-pr-42 success', 'bivouac/shop-e2e-42 pending']);
  });

  const where = { method: 'POST', path: /\/statuses\// } as const;
  test.each<[string, Fault]>([
    ['a reset after the effect', faultScripts.resetAfterEffect(where)],
    ['a reset before the effect', { ...where, when: 'before', as: 'reset' }],
  ])('%s: exactly one', async (_name, fault) => {
    fake.fault(fault);
    await say();
    expect(said()).toEqual(['bivouac/shop-pr-42 pending']);
  });
});
