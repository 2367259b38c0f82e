import { beforeEach, describe, expect, test } from '@jest/globals';
import type { FakeGitHub } from '../../src/demo/fake-github/server.js';
import { accountOf } from '../../src/demo/fake-github/state.js';
import { approvedCommits } from '../../src/forges/rest/approvals.js';
import { commitSha } from '../../src/model/pull-request.js';
import { head, refTo, shop, useFakeGitHub } from './connect.js';

const { connect, fakeOf } = useFakeGitHub();
let fake: FakeGitHub;
beforeEach(() => {
  fake = fakeOf();
});

describe('reading pull requests', () => {
  test('maps one as it is now', async () => {
    fake.openPullRequest({ number: 42, headSha: head, title: 'A change', labels: ['bivouac:on'], draft: true });
    expect(await connect().read(refTo(42))).toEqual({
      repository: 'acme/shop',
      repositoryId: '724712',
      number: 42,
      state: 'open',
      merged: false,
      draft: true,
      title: 'A change',
      author: { login: 'octocat', id: String(accountOf('octocat').id), bot: false },
      headSha: head,
      headBranch: 'change-42',
      headRepositoryId: '724712',
      baseBranch: 'main',
      baseSha: 'b'.repeat(40),
      labels: ['bivouac:on'],
      url: 'https://github.com/acme/shop/pull/42',
    });
  });

  test('sees merges, bots, forks and deleted forks', async () => {
    fake.openPullRequest({ number: 1, headSha: head, author: 'renovate[bot]', headRepository: null });
    fake.openPullRequest({ number: 2, headSha: head, headRepository: { id: 99, name: 'mallory/shop' } });
    fake.merge(1);
    const [first, second] = [await connect().read(refTo(1)), await connect().read(refTo(2))];
    expect(first).toMatchObject({ state: 'closed', merged: true, author: { bot: true } });
    expect(first).not.toHaveProperty('headRepositoryId');
    expect(second).toMatchObject({ state: 'open', headRepositoryId: '99', repositoryId: '724712' });
  });

  test('a pull request that is not there is an error and never "closed"', async () => {
    await expect(connect().read(refTo(7))).rejects.toMatchObject({ class: 'RefusedError', code: 'CodeHostNotFound' });
  });

  test('lists all 250 open ones, each once, without the closed ones', async () => {
    for (let number = 1; number <= 255; number++) fake.openPullRequest({ number, headSha: head });
    for (let number = 251; number <= 255; number++) fake.close(number);
    const found = await connect().listOpen(shop);
    expect(found.map(({ number }) => number)).toEqual(Array.from({ length: 250 }, (_, index) => index + 1));
  });

  test('a page that is cut is an error and not the end of the list', async () => {
    for (let number = 1; number <= 150; number++) fake.openPullRequest({ number, headSha: head });
    fake.fault({ method: 'GET', path: /\/pulls$/, when: 'after', as: 'truncated' });
    await expect(connect().listOpen(shop)).rejects.toMatchObject({ code: 'CodeHostUnavailable' });
  });

  test('names changed files with the old names of moved ones, and refuses an incomplete list', async () => {
    const files = Array.from({ length: 120 }, (_, index) => ({ filename: `src/${String(index).padStart(3, '0')}.ts` }));
    fake.openPullRequest({ number: 1, headSha: head, files: [...files, { filename: 'new.ts', previous: 'old.ts' }] });
    const found = await connect().changedFiles(refTo(1));
    expect(found).toHaveLength(122);
    expect(found.slice(0, 2)).toEqual(['new.ts', 'old.ts']);
    fake.fault({ method: 'GET', path: /\/files$/, when: 'after', as: { status: 200, body: [] } });
    await expect(connect().changedFiles(refTo(1))).rejects.toMatchObject({ code: 'CodeHostUnavailable' });
    fake.edit(1, { files: Array.from({ length: 3001 }, (_, index) => ({ filename: `${index}` })) });
    await expect(connect().changedFiles(refTo(1))).rejects.toMatchObject({ code: 'TooManyFiles' });
  });

  test.each([
    ['state', { state: 'gone' }],
    ['head.sha', { head: { sha: 'abc', ref: 'x' } }],
    ['base.repo.id', { base: { ref: 'main', sha: head, repo: null } }],
  ])('an answer with a wrong %s is refused', async (_name, wrong) => {
    fake.openPullRequest({ number: 1, headSha: head });
    const answer = { ...(fake.payload(1, 'opened') as { pull_request: object }).pull_request, ...wrong };
    fake.fault({ method: 'GET', path: /\/pulls\/1$/, when: 'after', as: { status: 200, body: answer } });
    await expect(connect().read(refTo(1))).rejects.toMatchObject({ code: 'CodeHostUnavailable' });
  });
});

describe('reading files and commits', () => {
  const at = (path: string) => ({ repository: shop, path, commit: commitSha(head) });

  test('gives a file, or undefined when the commit has none', async () => {
    fake.putFile(head, '.bivouac.yaml', 'lifetime: 3d # ü\n');
    fake.putFile(head, 'deep/folder/file', 'x'.repeat(60_000));
    expect(await connect().readFile(at('.bivouac.yaml'))).toBe('lifetime: 3d # ü\n');
    expect(await connect().readFile(at('deep/folder/file'))).toHaveLength(60_000);
    expect(await connect().readFile(at('other.yaml'))).toBeUndefined();
  });

  test('a commit that is not there is an error: its file is not known to be absent', async () => {
    await expect(connect().readFile(at('.bivouac.yaml'))).rejects.toMatchObject({ code: 'CodeHostNotFound' });
  });

  test.each([
    ['a directory', { type: 'dir' }, 'NotAFile'],
    ['a symlink', { type: 'symlink' }, 'NotAFile'],
    ['a submodule', { type: 'submodule' }, 'NotAFile'],
    ['65 KiB', 'x'.repeat(65 * 1024), 'FileTooLarge'],
  ] as const)('%s is no file for us', async (_name, entry, code) => {
    fake.putFile(head, '.bivouac.yaml', entry);
    await expect(connect().readFile(at('.bivouac.yaml'))).rejects.toMatchObject({ class: 'UserError', code });
  });

  test('resolves branches with slashes and commits; others are the user’s mistake', async () => {
    fake.putRef('release/1.x', head);
    const revision = { repository: shop, repositoryId: '724712', sha: head };
    expect(await connect().resolve(shop, 'release/1.x')).toEqual(revision);
    expect(await connect().resolve(shop, head)).toEqual(revision);
    await expect(connect().resolve(shop, 'nope')).rejects.toMatchObject({ code: 'RefNotFound' });
    for (const ref of ['..', '', 'a..b', '$(x) y', 'a\nb'])
      await expect(connect().resolve(shop, ref)).rejects.toMatchObject({ code: 'InvalidRef' });
  });

  test('knows whether a commit is part of a branch', async () => {
    fake.putRef('main', 'a'.repeat(40));
    fake.putRef('main', 'c'.repeat(40));
    const isOnBranch = (commit: string) =>
      connect().isOnBranch({ repository: shop, branch: 'main', commit: commitSha(commit) });
    expect(await Promise.all(['a', 'c', 'd'].map((digit) => isOnBranch(digit.repeat(40))))).toEqual([
      true,
      true,
      false,
    ]);
    const nowhere = { repository: shop, branch: 'gone', commit: commitSha(head) };
    expect(await connect().isOnBranch(nowhere)).toBe(false);
  });
});

describe('approvals', () => {
  test('come with the permission of today, from comments that nobody edited', async () => {
    fake.openPullRequest({ number: 42, headSha: head });
    const command = `/bivouac approve ${head}`;
    fake.writeComment(42, { author: 'maintainer', body: `fine\n${command}\nthanks` });
    fake.writeComment(42, { author: 'stranger', body: command });
    fake.writeComment(42, { author: 'helper[bot]', body: command });
    fake.editComment(fake.writeComment(42, { author: 'admin', body: 'ok' }), command);
    fake.setPermission('maintainer', 'maintain');
    fake.setPermission('admin', 'admin');
    fake.setPermission('helper[bot]', 'admin');
    expect(await connect().approvals(refTo(42))).toEqual([
      { by: 'maintainer', commit: head, permission: 'maintain' },
      { by: 'stranger', commit: head, permission: 'none' },
    ]);
  });

  test.each([
    ['a line of its own', `/bivouac approve ${head}`, true],
    ['among others, with spaces', `ok\r\n  /bivouac  approve ${head.toUpperCase()} \r\n`, true],
    ['after a quote and an empty line', `> x\n\n/bivouac approve ${head}`, true],
    ['after a closed block', `\`\`\`\nx\n\`\`\`\n/bivouac approve ${head}`, true],
    ['too short', `/bivouac approve ${head.slice(0, 12)}`, false],
    ['a digit short', `/bivouac approve ${head.slice(1)}`, false],
    ['in a sentence', `please /bivouac approve ${head}`, false],
    ['with more behind', `/bivouac approve ${head} now`, false],
    ['quoted', `> /bivouac approve ${head}`, false],
    ['in a quote’s second line', `> look:\n/bivouac approve ${head}`, false],
    ['in a block', `\`\`\`\n/bivouac approve ${head}\n\`\`\``, false],
    ['in a block that never ends', `~~~\n/bivouac approve ${head}`, false],
    ['in a longer block', `\`\`\`\`\n\`\`\`\n/bivouac approve ${head}\n\`\`\`\``, false],
    ['indented as code', `    /bivouac approve ${head}`, false],
    ['hidden', `<!--\n/bivouac approve ${head}\n-->`, false],
  ])('a command %s', (_name, body, counts) => {
    expect(approvedCommits(body)).toEqual(counts ? [head] : []);
  });
});

describe('labels', () => {
  test('adding twice and removing twice change nothing more; another absence is an error', async () => {
    fake.openPullRequest({ number: 42, headSha: head });
    const labels = connect();
    await labels.add(refTo(42), 'bivouac:expired');
    await labels.add(refTo(42), 'bivouac:expired');
    expect(fake.labels(42)).toEqual(['bivouac:expired']);
    await labels.remove(refTo(42), 'bivouac:expired');
    await labels.remove(refTo(42), 'bivouac:expired');
    expect(fake.labels(42)).toEqual([]);
    await expect(labels.remove(refTo(43), 'bivouac:on')).rejects.toMatchObject({ code: 'CodeHostNotFound' });
  });
});
