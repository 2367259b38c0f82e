import { describe, expect, test } from '@jest/globals';
import { parseId, printId } from '../../src/model/names.js';
import { addCommit, treeIdOf, type Entry } from '../git/fixture.js';
import { at, failure, faultsOf, gitStage, put } from './git-stage.js';
import { change, nothing, tree } from './support.js';

const stage = gitStage();

describe('what is written', () => {
  test('one commit a change, with its message, identity and time; a Flux file comes and goes in the same commit', async () => {
    await stage.create({ environments: 4 });
    const repository = stage.open();
    const ids = ['app-0/pr-1', 'app-0/pr-2', 'shop/pr-42'].map(parseId);
    const base = await repository.read(ids);
    const commit = await repository.commit(
      base,
      [
        change('app-0/pr-1', nothing),
        change('app-0/pr-2', tree('app-0/pr-2')),
        change(
          'shop/pr-42',
          new Map([
            ['environment.json', 'é\n'],
            ['manifests/api.yaml', ''],
          ]),
          'kind: Kustomization\n',
        ),
      ],
      at,
    );
    expect(
      commit.changes.map(({ before, after, commit: made }) => [before, after, made].map((each) => each !== undefined)),
    ).toEqual([
      [true, false, true],
      [true, true, false],
      [false, true, true],
    ]);
    await repository.push(commit);
    expect(await stage.git('log', '--format=%s|%cn <%ce>|%cI|%b', '-2', 'main')).toBe(
      [
        'shop/pr-42: update to 1a2b3c4 (acme/shop#42)|Bivouac <bivouac@example.com>|2026-11-23T10:04:05+00:00|Bivouac-Environment: shop/pr-42\n',
        'app-0/pr-1: remove (closed)|Bivouac <bivouac@example.com>|2026-11-23T10:04:05+00:00|Bivouac-Environment: app-0/pr-1\n',
      ].join('\n'),
    );
    expect(await stage.git('ls-tree', '-r', '--name-only', 'main', '--', 'flux', 'environments/shop')).toBe(
      'environments/shop/pr-42/environment.json\nenvironments/shop/pr-42/manifests/api.yaml\nflux/shop/pr-42.yaml',
    );
    expect(await stage.git('cat-file', 'blob', 'main:environments/shop/pr-42/environment.json')).toBe('é');
    await put(stage.open(), 'shop/pr-42', nothing);
    expect(await stage.treeAt('flux')).toBeUndefined();
    expect(await faultsOf(stage)).toEqual([]);
  });

  test('an empty repository gets its branch, a missing branch beside others is named', async () => {
    await stage.create();
    await put(stage.open(), 'shop/pr-42', tree('shop/pr-42'));
    expect(await stage.treeAt('environments/shop/pr-42')).toBe(treeIdOf(tree('shop/pr-42', '1')));
    expect(stage.server().log).toHaveLength(6);
    const error = await failure(stage.open({ branch: 'mian' }).read([]));
    expect(error).toMatchObject({ code: 'BranchNotFound', class: 'UserError' });
    expect(error.message).toContain('main');
  });

  test('a tag of the branch’s name is not taken for it', async () => {
    await stage.create({ environments: 1 });
    await addCommit(stage.directory(), {
      entries: { 'environments/app-0/pr-9/environment.json': '{}' },
      branch: 'other',
    });
    await stage.git('tag', 'main', 'other');
    expect((await stage.open().read([])).names.map(printId)).toEqual(['app-0/pr-1']);
  });

  test('paths that git would take and we don’t', async () => {
    await stage.create({ environments: 1 });
    const repository = stage.open();
    const base = await repository.read([]);
    const paths = ['../evil', 'manifests/../../../x', '.git/config', 'a/.GIT', 'a\nD environments', '"quoted"'];
    for (const path of [...paths, 'a//b', '/etc/passwd', '-x', 'git~1', 'x.', 'a/b/c/d/e', '']) {
      const run = repository.commit(base, [change('shop/pr-1', new Map([[path, 'x']]))], at);
      expect(await failure(run)).toMatchObject({ code: 'UnsafePath', class: 'PolicyError' });
    }
  });

  test('a name that would be file and directory at once stops before the push', async () => {
    await stage.create({ environments: 1 });
    const repository = stage.open();
    const both = change(
      'shop/pr-1',
      new Map([
        ['a', 'x'],
        ['a/b', 'y'],
      ]),
    );
    const error = await failure(repository.commit(await repository.read([]), [both], at));
    expect(error).toMatchObject({ code: 'TreeMismatch', class: 'InternalError' });
  });

  test('a message that would begin another line is refused', async () => {
    await stage.create({ environments: 1 });
    const repository = stage.open();
    const evil = { ...change('shop/pr-1', tree('shop/pr-1')), message: { subject: 'a\nfrom 0', trailers: [] } };
    expect(await failure(repository.commit(await repository.read([]), [evil], at))).toMatchObject({
      code: 'UnsafeMessage',
    });
  });
});

describe('foreign things in the tree', () => {
  const link: Entry = { mode: '120000', content: '/tmp' };
  const submodule: Entry = { mode: '160000', content: '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d' };
  test.each<{ what: string; path: string; entry: Entry; mode: string }>([
    { what: 'a link', path: 'environments', entry: link, mode: '120000' },
    { what: 'a file', path: 'environments', entry: 'x', mode: '100644' },
    { what: 'a submodule', path: 'environments/shop', entry: submodule, mode: '160000' },
    { what: 'a link', path: 'environments/shop', entry: link, mode: '120000' },
    { what: 'a link', path: 'environments/shop/pr-42', entry: link, mode: '120000' },
    { what: 'a file', path: 'environments/shop/pr-42', entry: 'x', mode: '100644' },
    { what: 'a link', path: 'environments/shop/pr-42/manifests', entry: link, mode: '120000' },
    { what: 'a submodule', path: 'environments/shop/pr-42/vendor', entry: submodule, mode: '160000' },
  ])('$what at $path is refused with its mode', async ({ path, entry, mode }) => {
    await stage.create({ files: { 'README.md': 'x', [path]: entry } });
    const before = await stage.git('rev-parse', 'main');
    const error = await failure(put(stage.open(), 'shop/pr-42', tree('shop/pr-42')));
    expect(error).toMatchObject({ code: 'ForeignEntry', class: 'PolicyError', data: { mode, path } });
    expect(await failure(stage.open().read([parseId('shop/pr-42')]))).toMatchObject({
      code: 'ForeignEntry',
      data: { path },
    });
    expect(await stage.git('rev-parse', 'main')).toBe(before);
  });

  test('a link where the Flux file’s directory should be is refused, too', async () => {
    await stage.create({ files: { 'README.md': 'x', flux: link } });
    const repository = stage.open();
    const run = repository.commit(await repository.read([]), [change('shop/pr-1', tree('shop/pr-1'), 'x')], at);
    expect(await failure(run)).toMatchObject({ code: 'ForeignEntry', data: { path: 'flux' } });
  });

  test('elsewhere they are left alone, and what isn’t UTF-8 stops no listing', async () => {
    await stage.create({
      files: {
        'environments/other': link,
        'environments/shop/x': submodule,
        'environments/a/b/environment.json': link,
        'environments/a/c/environment.json': Buffer.from([0x7b, 0xff, 0xfe, 0x7d]),
      },
    });
    await put(stage.open(), 'shop/pr-42', tree('shop/pr-42'));
    expect((await stage.open().readAll()).names.map(printId)).toEqual(['a/b', 'a/c', 'shop/pr-42']);
    expect(await stage.treeAt('environments/shop/x')).toBe(submodule.content);
  });
});
