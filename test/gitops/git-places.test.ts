import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { chmod, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseId, printId } from '../../src/model/names.js';
import type { Base } from '../../src/gitops/port.js';
import { addCommit } from '../git/fixture.js';
import { runGit } from '../git/run.js';
import { at, canary, failure, gitStage, put } from './git-stage.js';
import { nothing, tree } from './support.js';

const stage = gitStage();

describe('what is left behind', () => {
  test('the token stands in no file, argument or variable but the one, and the directory goes', async () => {
    await stage.create({ environments: 1 });
    const bin = await mkdtemp(join(tmpdir(), 'spy-git-'));
    const real = (await runGit(bin, ['--exec-path'])) + '/git';
    const spy = `#!/bin/sh\n{ echo "args $*"; env | grep -v BIVOUAC_GIT_AUTH; pwd; } >> "${bin}/log"\nexec "${real}" "$@"\n`;
    await writeFile(join(bin, 'git'), spy);
    await chmod(join(bin, 'git'), 0o755);
    const noisy = {
      PATH: `${bin}:${process.env['PATH']}`,
      GIT_DIR: '/x',
      EDITOR: 'vi',
      GIT_TRACE: '1',
      SECRET: 'other-secret',
      GIT_BRANCH: 'y',
    };
    const repository = stage.open({ environment: noisy });
    await put(repository, 'shop/pr-42', tree('shop/pr-42'));

    const log = await readFile(join(bin, 'log'), 'utf8');
    expect(log).toContain('args --config-env=http.extraHeader=BIVOUAC_GIT_AUTH');
    expect(log).toMatch(
      / push --porcelain --force-with-lease=refs\/heads\/main:[0-9a-f]{40} origin [0-9a-f]{40}:refs\/heads\/main$/m,
    );
    expect(log).not.toMatch(/GIT_TRACE|GIT_DIR|EDITOR|SECRET|GIT_BRANCH/);
    const directory = /^\/.*bivouac-git-.*$/m.exec(log)?.[0] ?? '';
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    const files = (await readdir(directory, { recursive: true, withFileTypes: true })).filter((each) => each.isFile());
    const texts = await Promise.all(files.map((each) => readFile(join(each.parentPath, each.name), 'latin1')));
    const spellings = [
      canary,
      Buffer.from(canary).toString('base64'),
      Buffer.from(`x-access-token:${canary}`).toString('base64'),
    ];
    for (const spelling of spellings) expect([log, ...texts].join('\n')).not.toContain(spelling);
    expect(texts.join('\n')).not.toContain('promisor');

    await repository.close();
    await expect(stat(directory)).rejects.toMatchObject({ code: 'ENOENT' });
    await rm(bin, { recursive: true });
  });

  test('what killed runs left is swept after a day', async () => {
    await stage.create({ environments: 1 });
    const [old, young] = await Promise.all([
      mkdtemp(join(tmpdir(), 'bivouac-git-')),
      mkdtemp(join(tmpdir(), 'bivouac-git-')),
    ]);
    const past = new Date(at.getTime() - 90_000_000_000);
    await utimes(old, past, past);
    const repository = stage.open();
    await repository.read([]);
    await repository.close();
    await expect(stat(old)).rejects.toMatchObject({ code: 'ENOENT' });
    expect((await stat(young)).isDirectory()).toBe(true);
    await rm(young, { recursive: true });
  });
});

describe('a repository on the local disk', () => {
  let root = '';
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'local "gitops" '));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));
  const at42 = (base: Base) => base.environments.get('shop/pr-42')?.files.get('environment.json');

  test('is published to, and made where `create` says so', async () => {
    const url = join(root, '.bivouac', 'gitops.git');
    const error = await failure(stage.open({ url }).read([]));
    expect(error).toMatchObject({ code: 'RepositoryNotFound', class: 'UserError' });
    expect(error.remedy).toContain('git init --bare');
    const reading = stage.open({ url, create: true });
    expect(await reading.read([parseId('shop/pr-42')])).toMatchObject({ names: [], complete: true });
    expect((await reading.readAll()).names).toEqual([]);
    expect(await readdir(root)).toEqual([]);
    await put(stage.open({ url, create: true }), 'shop/pr-42', tree('shop/pr-42'));
    await put(stage.open({ url: `file://${encodeURI(url)}` }), 'shop/pr-42', tree('shop/pr-42', '2'));
    expect(at42(await stage.open({ url }).read([parseId('shop/pr-42')]))).toContain('"version": "2"');
    expect((await stage.open({ url }).readAll()).names.map(printId)).toEqual(['shop/pr-42']);
    await put(stage.open({ url, create: true }), 'shop/pr-42', nothing);
    expect((await stage.open({ url }).readAll()).names).toEqual([]);
    expect(await runGit(url, ['rev-list', '--count', 'main'])).toBe('3');
  });

  test('is published to through ssh, with the command that the environment names', async () => {
    const url = join(root, 'gitops.git');
    await runGit(root, ['init', '--quiet', '--bare', '--initial-branch=main', url]);
    const command = join(root, 'ssh');
    await writeFile(command, '#!/bin/sh\nfor last; do :; done\nexec sh -c "$last"\n');
    await chmod(command, 0o755);
    const environment = { PATH: process.env['PATH'], GIT_SSH_COMMAND: `"${command.replaceAll('"', '\\"')}"` };
    await put(stage.open({ url: `ssh://git@host${encodeURI(url)}`, environment }), 'shop/pr-42', tree('shop/pr-42'));
    await put(
      stage.open({ url: `ssh://git@host${encodeURI(url)}`, environment }),
      'shop/pr-42',
      tree('shop/pr-42', '2'),
    );
    expect(await runGit(url, ['rev-list', '--count', 'main'])).toBe('2');
  });

  test('a checked-out branch and a place that can’t be written are named', async () => {
    await runGit(root, ['init', '--quiet', '--initial-branch=main', 'work']);
    await addCommit(join(root, 'work'), { entries: { 'README.md': 'x' } });
    const run = put(stage.open({ url: join(root, 'work') }), 'shop/pr-42', tree('shop/pr-42'));
    expect(await failure(run)).toMatchObject({ code: 'PushDeclined' });
    await writeFile(join(root, 'file'), '');
    const nowhere = stage.open({ url: join(root, 'file', 'gitops.git'), create: true });
    expect(await failure(put(nowhere, 'shop/pr-42', tree('shop/pr-42')))).toMatchObject({
      code: 'RepositoryNotCreated',
      class: 'UserError',
    });
  });
});
