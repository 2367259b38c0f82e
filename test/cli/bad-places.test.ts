import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Entry, RepositoryFixture } from '../git/fixture.js';
import { answerOf, type Case, expectAnswer, runCases } from './cases.js';
import { createWorld, type Ended, head, type World } from './harness.js';

const reconcile = ['reconcile', '--pull-request', '42'] as const;
const record = {
  schemaVersion: '1',
  name: 'shop-pr-42',
  application: 'shop',
  environment: 'pr-42',
  preset: 'pull-request',
  state: 'active',
  cluster: 'in-cluster',
  repository: 'acme/shop',
  repositoryId: '724712',
  pullRequest: '42',
  headSha: head,
  url: '',
  components: ['api'],
  images: {},
  deployedAt: '2026-11-23T10:04:05Z',
  expiresAt: '',
};
const holding = (text: string): RepositoryFixture => ({ files: { 'environments/shop/pr-42/environment.json': text } });
const withRecord = (change: Partial<Record<keyof typeof record, string>>) =>
  holding(`${JSON.stringify({ ...record, ...change }, null, 2)}\n`);
const at = (path: string, entry: Entry): RepositoryFixture => ({ files: { 'README.md': 'ours', [path]: entry } });
const link = { mode: '120000', content: '/etc' } as const;
const submodule = { mode: '160000', content: head } as const;

/** A GitOps repository of its own, and a configuration that names it. */
const inRepository =
  (name: string, fixture: RepositoryFixture, edit: (yaml: string) => string = (yaml) => yaml) =>
  async (world: World): Promise<readonly string[]> => {
    await world.git.create(fixture, name);
    return ['--config', await world.configure((yaml) => edit(yaml.replace(world.git.url(), world.git.url(name))))];
  };

interface Place extends Pick<Case, 'title' | 'code' | 'as' | 'says'> {
  readonly fixture?: RepositoryFixture;
  readonly args?: readonly string[];
  readonly edit?: (yaml: string) => string;
}
const places: readonly Place[] = [
  ...Object.entries({
    'a directory of another repository': withRecord({ repository: 'acme/other', repositoryId: '99' }),
    'a directory of another pull request': withRecord({ pullRequest: '7' }),
    'a directory without a record': at('environments/shop/pr-42/notes.txt', 'mine'),
    'a record that is no JSON': holding('{'),
    'a record of another shape': holding('{"schemaVersion": "1", "name": 42}'),
  }).map(([title, fixture]): Place => ({
    title,
    fixture,
    code: 3,
    as: 'OwnedByAnother',
    says: /environments\/shop\/pr-42/,
  })),
  {
    title: 'a newer record',
    fixture: withRecord({ schemaVersion: '2' }),
    code: 3,
    as: 'NewerRecord',
    says: /schemaVersion \\"2/,
  },
  ...Object.entries({
    'a link where the environment should be': at('environments/shop/pr-42', link),
    'a submodule where the environment should be': at('environments/shop/pr-42', submodule),
    'a file where the environment should be': at('environments/shop/pr-42', 'x'),
    'a link in the environment': { files: { ...withRecord({}).files, 'environments/shop/pr-42/manifests': link } },
    'a link where the application should be': at('environments/shop', link),
    'a link where environments should be': at('environments', link),
    'a file where environments should be': at('environments', 'x'),
    'a submodule where environments should be': at('environments', submodule),
  }).map(([title, fixture]): Place => ({ title, fixture, code: 3, as: 'ForeignEntry', says: /environments/ })),
  {
    title: 'a missing branch beside others',
    fixture: { branch: 'trunk', files: { 'README.md': 'ours' } },
    code: 2,
    as: 'BranchNotFound',
    says: /main/,
  },
  {
    title: 'another environment of the same joined name',
    fixture: { files: { 'environments/shop-demo/acme/environment.json': '{}' } },
    args: ['up', '--application', 'shop', '--preset', 'demo', '--name', 'acme', '--ref', 'main'],
    code: 3,
    as: 'NameTaken',
    says: /shop-demo\/acme/,
  },
  { title: 'fetch: 401', code: 4, as: 'RemoteUnauthorized', says: /BIVOUAC_GITOPS_TOKEN/ },
  { title: 'fetch: 403', code: 4, as: 'RemoteForbidden', says: /BIVOUAC_GITOPS_TOKEN/ },
  { title: 'fetch: 404', code: 4, as: 'RemoteNotFound', says: /gitops\.repository/ },
  { title: 'fetch: 503', code: 5, as: 'RemoteUnavailable', says: /again/i },
  { title: 'push: 403', code: 4, as: 'RemoteForbidden', says: /BIVOUAC_GITOPS_TOKEN/ },
  { title: 'push: 401', code: 4, as: 'RemoteUnauthorized', says: /BIVOUAC_GITOPS_TOKEN/ },
];
const nameOf = (index: number): string => `place-${index}`;

const hook = (title: string, text: string, says: RegExp): Case => ({
  title,
  args: reconcile,
  prepare: async (world) => {
    const name = title.replaceAll(/\W+/g, '-');
    const words = await inRepository(name, at('README.md', 'ours'))(world);
    const file = join(world.git.directory(name), 'hooks/pre-receive');
    await writeFile(file, `#!/bin/sh\ncat <<'END' >&2\n${text}\nEND\nexit 1\n`);
    await chmod(file, 0o755);
    return words;
  },
  code: 4,
  as: 'PushDeclined',
  says,
});
const hooks: readonly Case[] = [
  hook('a hook that refuses at length', `no: \u001b[31mred\n::error::x\n${'line\n'.repeat(200)}`, /no:/),
  hook('a protected branch', 'error: GH006: Protected branch update failed for refs/heads/main.', /GH006/),
];

const git = (title: string, script: string | undefined, expected: Pick<Case, 'code' | 'as' | 'says'>): Case => ({
  title,
  args: reconcile,
  ...expected,
  env: { PATH: join(world().platform, '..', title) },
  prepare: async ({ platform }) => {
    const bin = join(platform, '..', title);
    await mkdir(bin);
    if (script !== undefined) await writeFile(join(bin, 'git'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return [];
  },
});

let made: World | undefined;
const world = (): World => {
  if (made === undefined) throw new Error('no world yet');
  return made;
};
const gits = (): readonly Case[] => [
  git('no git', undefined, { code: 2, as: 'GitMissing', says: /2\.36/ }),
  git('old git', 'echo git version 2.20.1', { code: 2, as: 'GitTooOld', says: /2\.36/ }),
];

const failing = (
  title: string,
  fault: { readonly status: number; readonly headers?: Readonly<Record<string, string>> } | 'reset' | 'truncated',
  { number, ...expected }: Pick<Case, 'code' | 'as' | 'says'> & { readonly number: number },
): Case => {
  return {
    title,
    ...expected,
    args: ['reconcile', '--pull-request', String(number)],
    prepare: ({ github }) => {
      github.openPullRequest({ number, headSha: head });
      const when = fault === 'truncated' ? 'after' : 'before';
      github.fault({ method: 'GET', path: new RegExp(`/pulls/${number}$`), when, as: fault, times: 20 });
      return Promise.resolve([]);
    },
  };
};
const forge: readonly Case[] = [
  {
    title: 'GitHub: a wrong token',
    args: reconcile,
    env: { GITHUB_TOKEN: 'wrong-token' },
    code: 4,
    as: 'CodeHostUnauthorized',
    says: /GITHUB_TOKEN/,
  },
  {
    title: 'GitHub: no token',
    args: reconcile,
    env: { GITHUB_TOKEN: '' },
    code: 2,
    as: 'CredentialMissing',
    says: /GITHUB_TOKEN/,
  },
  {
    title: 'GitHub: no such pull request',
    args: ['reconcile', '--pull-request', '404'],
    code: 4,
    as: 'CodeHostNotFound',
    says: /acme\/shop#404/,
  },
  failing(
    'GitHub: 403',
    { status: 403 },
    { number: 101, code: 4, as: 'CodeHostForbidden', says: /pull-requests: write/ },
  ),
  failing(
    'GitHub: 429 for a day',
    { status: 429, headers: { 'retry-after': '86400' } },
    { number: 102, code: 5, as: 'RateLimited', says: /later/ },
  ),
  failing('GitHub: 502', { status: 502 }, { number: 103, code: 5, as: 'CodeHostUnavailable', says: /502/ }),
  failing('GitHub: a reset', 'reset', { number: 104, code: 5, as: 'CodeHostUnavailable', says: /again/ }),
  failing('GitHub: half an answer', 'truncated', { number: 105, code: 5, as: 'CodeHostUnavailable', says: /again/ }),
];

const event = (
  title: string,
  expected: Pick<Case, 'code' | 'as' | 'says'>,
  env: (world: World) => Promise<NodeJS.ProcessEnv>,
) => ({
  title,
  expected,
  env,
});
const payload = (world: World, change: object) => ({ ...world.github.payload(42, 'opened'), ...change });
const events = [
  event('an event of another repository', { code: 2, as: 'UnknownRepository', says: /acme\/website/ }, (w) =>
    w.eventOf('pull_request', payload(w, { repository: { full_name: 'acme/website', id: 5 } })),
  ),
  event('a push', { code: 0, as: 'NoPullRequest', says: /no pull request/ }, (w) => w.eventOf('push', {})),
  event('a comment on an issue', { code: 0, as: 'NoPullRequest', says: /no pull request/ }, (w) =>
    w.eventOf('issue_comment', payload(w, { issue: { number: 7 } })),
  ),
  event(
    'a push in a repository that nobody named',
    { code: 2, as: 'UnknownRepository', says: /acme\/website/ },
    async (w) => ({
      ...(await w.eventOf('push', {})),
      GITHUB_REPOSITORY: 'acme/website',
    }),
  ),
  event('an event of another shape', { code: 2, as: 'InvalidEvent', says: /pull_request/ }, (w) =>
    w.eventOf('pull_request', { action: 'opened' }),
  ),
  event('an event that is no object', { code: 2, as: 'InvalidEvent', says: /event file/ }, (w) =>
    w.eventOf('pull_request', null),
  ),
  event('an event without its file', { code: 2, as: 'InvalidEvent', says: /GITHUB_EVENT_PATH/ }, async (w) => ({
    ...(await w.eventOf('pull_request', {})),
    GITHUB_EVENT_PATH: '/nowhere/event.json',
  })),
];

describe('places where something is wrong', () => {
  let ended: ReadonlyMap<string, Ended>;
  const before: Record<string, string> = {};
  beforeAll(async () => {
    made = await createWorld();
    const { git, github } = made;
    github.openPullRequest({ number: 42, headSha: head });
    github.putRef('main', 'c'.repeat(40));
    git.setFault(({ uri }) => {
      const [, index] = /^\/place-(\d+)\.git/.exec(uri) ?? [];
      const [when, status] = (places[Number(index)]?.title ?? '').split(': ');
      const asked = when === 'fetch' || (when === 'push' && uri.includes('receive-pack'));
      return asked ? { kind: 'status', status: Number(status), when: 'before' } : undefined;
    });
    const inPlaces = places.map(
      ({ fixture = at('README.md', 'ours'), args = reconcile, edit, ...rest }, index): Case => ({
        ...rest,
        args,
        prepare: async (w) => {
          const words = await inRepository(nameOf(index), fixture, edit)(w);
          before[rest.title] = await w.tree(nameOf(index));
          return words;
        },
      }),
    );
    const inEvents = await Promise.all(
      events.map(async ({ title, expected, env }): Promise<Case> => ({
        title,
        ...expected,
        args: ['reconcile'],
        env: await env(world()),
      })),
    );
    ended = await runCases(made, [...inPlaces, ...hooks, ...gits(), ...forge, ...inEvents]);
  }, 120_000);
  afterAll(() => world().end());

  test.each(places.map((each, index) => ({ ...each, index })))('$title', async (each) => {
    expectAnswer(ended.get(each.title), { ...each, args: [] });
    expect(await world().tree(nameOf(each.index))).toBe(before[each.title]);
  });

  test.each(hooks)('$title', (each) => {
    expectAnswer(ended.get(each.title), each);
    expect(ended.get(each.title)?.stderr).not.toMatch(/\u001b|^::error/m);
    expect(ended.get(each.title)?.stderr.split('\n').length).toBeLessThan(12);
  });

  test.each(['no git', 'old git'])('%s', (title) => {
    expectAnswer(
      ended.get(title),
      gits().find((each) => each.title === title)!,
    );
  });

  test.each(forge)('$title', (each) => expectAnswer(ended.get(each.title), each));

  test.each(events)('$title', ({ title, expected }) =>
    expectAnswer(ended.get(title), { title, args: [], ...expected }),
  );

  test('after all of them the other repository is as empty as before, and no temporary folder is left', async () => {
    expect(await world().tree()).toBe('');
    expect(await world().leftovers()).toEqual([]);
    expect((await readdir(world().platform)).filter((name) => name.includes('canary'))).toEqual([]);
  });

  test('a comment that GitHub refuses is a warning beside what Git holds', async () => {
    const { github } = world();
    github.openPullRequest({ number: 43, headSha: head });
    github.fault({ method: 'POST', path: /\/issues\/43\/comments$/, when: 'before', as: { status: 403 }, times: 9 });
    const told = await world().run(['reconcile', '--pull-request', '43', '-o', 'json']);
    const [outcome] = answerOf(told).outcomes ?? [];
    expect({ code: told.code, ...outcome }).toMatchObject({
      code: 0,
      outcome: 'Created',
      warnings: [expect.stringContaining('could not be told')],
    });
    expect(await world().files()).toContain('environments/shop/pr-43/environment.json');
  });
});
