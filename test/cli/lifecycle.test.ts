import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createWorld, head, nextHead, type World } from './harness.js';

interface Answer {
  readonly schemaVersion: string;
  readonly outcomes: readonly Record<string, unknown>[];
}
const answer = (stdout: string): Answer => JSON.parse(stdout) as Answer;

describe('a pull request’s life, each event as its CI job answers it', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
    world.github.openPullRequest({ number: 42, headSha: head, title: '$(touch canary) {{ .x }} @org/all' });
  });
  afterAll(() => world.end());
  const reconcile = async (action: Parameters<World['event']>[1], label?: string) => {
    const ended = await world.run(['reconcile', '-o', 'json'], await world.event(42, action, label));
    return { ...ended, outcome: answer(ended.stdout).outcomes[0] ?? {} };
  };

  test('opened: the whole environment in one commit, said on the pull request and to the job', async () => {
    const outputs = join(world.platform, 'outputs');
    const summary = join(world.platform, 'summary');
    await Promise.all([writeFile(outputs, ''), writeFile(summary, '')]);
    const event = { ...(await world.event(42, 'opened')), GITHUB_OUTPUT: outputs, GITHUB_STEP_SUMMARY: summary };
    const { code, stdout, stderr } = await world.run(['reconcile', '-o', 'json'], event);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(answer(stdout).outcomes[0]).toEqual({
      environment: 'shop/pr-42',
      name: 'shop-pr-42',
      outcome: 'Created',
      reason: 'Opened',
      message: expect.stringMatching(/^created at 1a2b3c4: \d+ objects$/),
      url: expect.stringContaining('shop-pr-42.preview.example.com'),
      path: 'environments/shop/pr-42',
      headSha: head,
      commit: expect.stringMatching(/^[0-9a-f]{40}$/),
      components: ['api', 'database', 'web'],
      expiresAt: expect.stringMatching(/Z$/),
      changes: expect.objectContaining({ changed: [], removed: [] }),
      violations: [],
      warnings: [],
    });
    expect(await world.files()).toEqual(
      [
        'README.md',
        'environment.json',
        'manifests/api.yaml',
        'manifests/database.yaml',
        'manifests/frame.yaml',
        'manifests/namespace.yaml',
        'manifests/web.yaml',
      ].map((file) => `environments/shop/pr-42/${file}`),
    );
    expect(await readFile(outputs, 'utf8')).toMatch(/^outcome<<(\S+)\ncreated\n\1\nreason<<\S+\nOpened\n/);
    expect(await readFile(summary, 'utf8')).toContain('shop/pr-42');
    expect(world.github.comments(42).map(({ body }) => body?.split('\n')[0])).toEqual([
      '<!-- bivouac:env:shop-pr-42 -->',
    ]);
    expect(await world.read('environments/shop/pr-42/environment.json')).toContain(`"headSha": "${head}"`);
  });

  test('the same event again: no commit, no push, no write on the pull request', async () => {
    const before = { commits: await world.commits(), requests: world.github.requests.length };
    world.git.log.length = 0;
    const { code, outcome } = await reconcile('opened');
    expect({ code, ...outcome }).toMatchObject({ code: 0, outcome: 'Unchanged', reason: 'SameTree' });
    expect(await world.commits()).toBe(before.commits);
    expect(world.git.log.filter(({ uri }) => uri.includes('receive-pack'))).toEqual([]);
    expect(
      world.github.requests
        .slice(before.requests)
        .filter(({ method, path }) => method !== 'GET' && path !== '/graphql'),
    ).toEqual([]);
  });

  test('a push: only what differs, one more commit', async () => {
    world.github.push(42, nextHead);
    const { code, outcome } = await reconcile('synchronize');
    expect({ code, ...outcome }).toMatchObject({
      code: 0,
      outcome: 'Updated',
      reason: 'HeadCommitChanged',
      headSha: nextHead,
    });
    expect(outcome['changes']).toMatchObject({ changed: ['Deployment/api', 'Deployment/web'] });
    expect(world.github.comments(42)).toHaveLength(1);
  });

  test('a label switches a component on, and its absence off', async () => {
    world.github.addLabel(42, 'bivouac:with-mailer');
    const on = await reconcile('labeled', 'bivouac:with-mailer');
    expect(on.outcome).toMatchObject({
      outcome: 'Updated',
      reason: 'SelectionChanged',
      components: ['api', 'database', 'mailer', 'web'],
    });
    expect(await world.files()).toContain('environments/shop/pr-42/manifests/mailer.yaml');

    world.github.removeLabel(42, 'bivouac:with-mailer');
    const off = await reconcile('unlabeled', 'bivouac:with-mailer');
    expect(off.outcome).toMatchObject({ outcome: 'Updated', components: ['api', 'database', 'web'] });
    expect(await world.files()).not.toContain('environments/shop/pr-42/manifests/mailer.yaml');
  });

  test('a component that isn’t there is refused with the nearest name; the last good version stays', async () => {
    const before = await world.commits();
    world.github.addLabel(42, 'bivouac:with-maler');
    const { code, outcome } = await reconcile('labeled', 'bivouac:with-maler');
    expect({ code, ...outcome }).toMatchObject({ code: 3, outcome: 'Rejected', reason: 'OverrideNotAllowed' });
    expect(outcome['message']).toContain('did you mean "mailer"');
    expect(await world.commits()).toBe(before);
    expect(world.github.comments(42)[0]?.body).toContain('last good version');
    world.github.removeLabel(42, 'bivouac:with-maler');
  });

  test('a broken rule: exit 3, the finding with its remedy, nothing committed, the comment says why', async () => {
    const before = await world.commits();
    await world.editConfig('shop-api:{headSha}', 'shop-api:latest');
    world.github.push(42, head);
    const { code, outcome } = await reconcile('synchronize');
    expect({ code, ...outcome }).toMatchObject({ code: 3, outcome: 'Rejected', reason: 'PolicyViolation' });
    expect(outcome['violations']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          severity: 'error',
          object: 'Deployment/api',
          field: '/spec/template/spec/containers/0/image',
        }),
      ]),
    );
    expect(await world.commits()).toBe(before);
    expect(world.github.comments(42)[0]?.body).toContain('latest');
    await world.editConfig('shop-api:latest', 'shop-api:{headSha}');
  });

  test('closed: the directory goes; closed again: nothing', async () => {
    world.github.close(42);
    const { code, outcome } = await reconcile('closed');
    expect({ code, ...outcome }).toMatchObject({ code: 0, outcome: 'Removed', reason: 'Closed' });
    expect(await world.files()).toEqual([]);
    expect(world.github.comments(42)[0]?.body).toContain('removed');
    const again = await reconcile('closed');
    expect(again.outcome).toMatchObject({ outcome: 'Ignored', reason: 'Closed' });
  });

  test('a late event of the closed pull request brings nothing back; a reopening does', async () => {
    expect((await reconcile('synchronize')).outcome).toMatchObject({ outcome: 'Ignored', reason: 'Closed' });
    world.github.reopen(42);
    expect((await reconcile('reopened')).outcome).toMatchObject({ outcome: 'Created', reason: 'Opened' });
  });

  test('what lies in Git is safe to clone and whole', async () => {
    const log = await world.read('environments/shop/pr-42/README.md');
    expect(log).not.toMatch(/touch canary|@org/);
  });
});
