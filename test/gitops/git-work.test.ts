import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseId } from '../../src/model/names.js';
import { addCommit, treeIdOf } from '../git/fixture.js';
import { runGit } from '../git/run.js';
import { at, failure, gitStage, put } from './git-stage.js';
import { change, nothing, tree } from './support.js';

const stage = gitStage();
let bin = '';
let git = '';
beforeEach(async () => {
  bin = await mkdtemp(join(tmpdir(), 'other-git-'));
  git = `${await runGit(bin, ['--exec-path'])}/git`;
});
afterEach(() => rm(bin, { recursive: true }));

/** Puts a program before git on the search path. */
const withGit = async (script: string) => {
  await writeFile(join(bin, 'git'), `#!/bin/sh\n${script}\n`);
  await chmod(join(bin, 'git'), 0o755);
  return { PATH: `${bin}:${process.env['PATH']}` };
};

describe('processes', () => {
  const verbs = async (run: () => Promise<unknown>): Promise<readonly string[]> => {
    await rm(join(bin, 'log'), { force: true });
    await run();
    const lines = (await readFile(join(bin, 'log'), 'utf8')).trim().split('\n');
    return lines.flatMap(
      (line) => /(?:^| )(fetch|cat-file|fast-import|push|ls-remote|version)(?: |$)/.exec(line)?.[1] ?? line,
    );
  };

  test.each([
    ['a', ['fetch', 'cat-file'], ['fetch', 'cat-file']],
    ['b', ['fetch', 'cat-file', 'fetch', 'cat-file'], ['fetch', 'cat-file']],
    ['c', ['fetch', 'cat-file', 'cat-file'], ['fetch', 'cat-file']],
    ['e', ['fetch', 'cat-file', 'cat-file'], ['cat-file']],
  ] as const)('rung %s starts no more than it needs', async (rung, base, files) => {
    await stage.create({ environments: 9 });
    const environment = await withGit(`echo "$*" >> "${bin}/log"\nexec "${git}" "$@"`);
    const publish = (name: string, version: string) => () =>
      put(stage.open({ rung, environment }), name, tree(name, version));
    expect(await verbs(publish('app-1/pr-9', '1'))).toEqual([...base, 'fast-import', 'push']);
    expect(await verbs(publish('app-1/pr-1', '2'))).toEqual([...base, ...files, 'fast-import', 'push']);
    expect(await verbs(publish('app-1/pr-1', '2'))).toEqual([...base, ...files, 'fast-import']);
  });

  test('what is large is not read into memory whole, though the host sent it', async () => {
    const big = Buffer.concat(Array.from({ length: 70_000 }, (_, n) => createHash('sha512').update(`${n}`).digest()));
    await stage.create({ environments: 4, files: { big }, config: { 'uploadpack.allowFilter': 'false' } });
    const environment = await withGit(`echo "$*" >> "${bin}/log"\nexec "${git}" "$@"`);
    await put(stage.open({ environment }), 'app-0/pr-1', tree('app-0/pr-1', '2'));
    expect(await stage.treeAt('environments/app-0/pr-1')).toBe(treeIdOf(tree('app-0/pr-1', '2')));
    const log = await readFile(join(bin, 'log'), 'utf8');
    expect(log).toContain('cat-file --batch');
    expect(log).not.toContain('--batch-all-objects');
  });
});

describe('what git builds is compared with what was worked out without it', () => {
  const tampering = (edit: string) =>
    withGit(`case "$*" in *fast-import*) sed '${edit}' | "${git}" "$@" ;; *) exec "${git}" "$@" ;; esac`);

  test.each([
    ['another file', '/^D environments/a M 100644 inline elsewhere\\ndata 1\\nx', 'something besides'],
    ['another environment', '/^D environments/a D environments/app-0/pr-2', 'something besides'],
    ['another message', 's/^Bivouac-Environment: shop/Bivouac-Environment: shoo/', 'something besides'],
    ['another time', 's/ 1795428245 / 1795428246 /', 'something besides'],
    ['another content', 's/^name: shop/name: shoq/', 'would not hold the intended files'],
    ['another mode', 's/^M 100644 \\(.*README.md\\)$/M 100755 \\1/', 'would not hold the intended files'],
    ['another place', 's/^M 100644 inline \\(.*\\)README.md$/M 100644 inline \\1READNE.md/', 'would not hold'],
    ['a directory’s removal ignored', '/^D environments/d', 'would not hold'],
    ['another Flux file', 's/^kind: Flux/kind: Xlux/', 'flux/shop/pr-42.yaml would not be the intended file'],
  ])('%s stops before the push', async (_, edit, message) => {
    await stage.create({ environments: 4, files: { 'environments/shop/pr-42/left.txt': 'x' } });
    const environment = await tampering(edit);
    const repository = stage.open({ environment });
    const wanted = change('shop/pr-42', tree('shop/pr-42'), 'kind: Flux\n');
    const error = await failure(repository.commit(await repository.read([parseId('shop/pr-42')]), [wanted], at));
    expect(error).toMatchObject({ code: 'TreeMismatch', class: 'InternalError' });
    expect(error.message).toContain(message);
  });

  test('without tampering it is let through, whatever else lies in the tree', async () => {
    await stage.create({
      files: {
        'environments.txt': 'sorts before the directory',
        'environments-old/x': 'x',
        'environments/a.b/x': 'x',
        'environments/shop.old': 'x',
        'environments/shop-/x': 'x',
        'environments/shop/pr-4': { mode: '120000', content: '/' },
        'environments/shop/pr-42.txt': { mode: '100755', content: 'x' },
        'environments/shop/\u00e9': 'x',
        flux: { mode: '120000', content: 'elsewhere' },
        module: { mode: '160000', content: '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d' },
      },
    });
    const start = await stage.git('ls-tree', '-r', 'main');
    await put(stage.open(), 'shop/pr-42', tree('shop/pr-42'));
    await put(stage.open(), 'shop/pr-42', nothing);
    expect(await stage.git('ls-tree', '-r', 'main')).toBe(start);
    await addCommit(stage.directory(), { entries: { flux: undefined } });
    const repository = stage.open();
    const changes = ['shop/pr-1', 'a/pr-1', 'shop/pr-1'].map((name, index) =>
      change(name, index === 2 ? nothing : tree(name), index === 2 ? undefined : 'x'),
    );
    const commit = await repository.commit(await repository.readAll(), changes, at);
    await repository.push(commit);
    expect(await stage.git('rev-list', '--count', 'main')).toBe('7');
    expect(await stage.git('ls-tree', '-r', '--name-only', 'main', '--', 'flux', 'environments/shop/pr-1')).toBe(
      'flux/a/pr-1.yaml',
    );
  });
});
