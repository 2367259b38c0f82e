import { describe, expect, test } from '@jest/globals';
import type { FileTree } from '../../src/model/manifest.js';
import { parseId, printId } from '../../src/model/names.js';
import { filesOf, treeIdOf } from '../git/fixture.js';
import { startGitServer } from '../git/server.js';
import { canary, at, faultsOf, gitStage, put } from './git-stage.js';
import { change, nothing, tree } from './support.js';

const stage = gitStage();

describe.each([
  ['a', { create: 5, update: 7, same: 5, newApplication: 5 }],
  ['b', { create: 7, update: 9, same: 7, newApplication: 5 }],
  ['c', { create: 5, update: 7, same: 5, newApplication: 5 }],
  ['d', { create: 11, update: 13, same: 11, newApplication: 9 }],
  ['e', { create: 5, update: 5, same: 3, newApplication: 5 }],
] as const)('rung %s', (rung, requests) => {
  const count = async (run: () => Promise<unknown>): Promise<number> => {
    stage.server().log.length = 0;
    await run();
    return stage.server().log.length;
  };

  test('creates, updates, leaves, removes, with exactly so many requests', async () => {
    await stage.create({
      environments: 9,
      files: { 'README.md': 'hello\n', '.gitattributes': '* text=auto eol=crlf\n' },
    });
    const once = (path: string, files: FileTree) => () => put(stage.open({ rung }), path, files);

    expect(await count(once('app-1/pr-9', tree('app-1/pr-9')))).toBe(requests.create);
    expect(await stage.treeAt('environments/app-1/pr-9')).toBe(treeIdOf(tree('app-1/pr-9', '1')));
    expect(await count(once('app-1/pr-9', tree('app-1/pr-9', '2')))).toBe(requests.update);
    expect(await stage.treeAt('environments/app-1/pr-9')).toBe(treeIdOf(tree('app-1/pr-9', '2')));
    expect(await count(once('app-1/pr-9', tree('app-1/pr-9', '2')))).toBe(requests.same);
    expect(await count(once('fresh/pr-1', tree('fresh/pr-1')))).toBe(requests.newApplication);
    expect(await count(once('app-1/pr-9', nothing))).toBe(requests.update);
    expect(await stage.treeAt('environments/app-1/pr-9')).toBeUndefined();
    await put(stage.open({ rung }), 'fresh/pr-1', nothing);
    expect(await stage.treeAt('environments/fresh')).toBeUndefined();
    await put(stage.open({ rung }), 'fresh/pr-1', nothing);

    expect(await stage.git('rev-list', '--count', 'main')).toBe('6');
    expect(await stage.git('diff', '--name-only', 'main~5', 'main')).toBe('');
    expect(stage.server().log.every(({ status }) => status === 200)).toBe(true);
    expect(await faultsOf(stage)).toEqual([]);
  });

  test('reads names, tree ids and whole files, and every record', async () => {
    await stage.create({ environments: 4, files: { 'environments/NOTES.md': 'x', 'environments/Not-Ours/x/y': 'x' } });
    const repository = stage.open({ rung });
    const one = await repository.read([parseId('app-0/pr-1'), parseId('app-0/pr-7')]);
    const all = ['app-0/pr-1', 'app-0/pr-2', 'app-1/pr-1', 'app-1/pr-2'];
    expect(one.complete).toBe(rung === 'a' || rung === 'c' || rung === 'e');
    expect(one.names.map(printId)).toEqual(one.complete ? all : all.slice(0, 2));
    expect([...one.environments.keys()]).toEqual(['app-0/pr-1']);
    expect(one.environments.get('app-0/pr-1')?.files).toEqual(new Map(Object.entries(filesOf('app-0/pr-1')).sort()));
    expect(one.environments.get('app-0/pr-1')?.tree).toBe(await stage.treeAt('environments/app-0/pr-1'));

    const every = await repository.readAll(); // after a slice of the same tip
    expect(every.names.map(printId)).toEqual(all);
    expect([...(every.environments.get('app-1/pr-2')?.files.keys() ?? [])]).toEqual(['environment.json', 'README.md']);
    expect(every.environments.get('app-1/pr-2')?.files.get('environment.json')).toContain('app-1/pr-2');

    const two = await repository.read([parseId('app-1/pr-2')]); // whose tree is here, without its manifests
    expect(two.environments.get('app-1/pr-2')?.files.size).toBe(12);
    const commit = await repository.commit(every, [change('app-1/pr-2', nothing)], at);
    await repository.push(commit);
    expect(await stage.treeAt('environments/app-1/pr-2')).toBeUndefined();
  });
});

describe('requests and bytes', () => {
  test('a slice of 400 environments is small, and grows only by names', async () => {
    await stage.create({ environments: 400 });
    await put(stage.open(), 'app-1/pr-1', tree('app-1/pr-1', '2'));
    const down = stage.server().log.reduce((sum, { bytesDown }) => sum + bytesDown, 0);
    const up = stage.server().log.reduce((sum, { bytesUp }) => sum + bytesUp, 0);
    expect(stage.server().log).toHaveLength(7);
    expect(down).toBeLessThan(30_000); // all of it would be some 800 KB
    expect(up).toBeLessThan(12_000);
  });

  test('every record of 400 environments comes without a manifest, in three requests', async () => {
    await stage.create({ environments: 400 });
    const all = await stage.open().readAll();
    expect(all.environments.size).toBe(400);
    expect(stage.server().log).toHaveLength(3);
    const held = [...all.environments.values()].flatMap(({ files }) => [...files.keys()]);
    expect(new Set(held)).toEqual(new Set(['environment.json', 'README.md']));
  });

  test('a second attempt doesn’t fetch an environment again that stands as it was', async () => {
    await stage.create({ environments: 4 });
    const repository = stage.open();
    await repository.read([parseId('app-0/pr-1')]);
    stage.server().log.length = 0;
    expect((await repository.read([parseId('app-0/pr-1')])).environments.size).toBe(1);
    expect(stage.server().log).toHaveLength(3);
  });

  test('a host without filters, and one that allows no tree filter, end the same way', async () => {
    await stage.create({ environments: 4, config: { 'uploadpack.allowFilter': 'false' } });
    await put(stage.open(), 'app-0/pr-1', tree('app-0/pr-1', '2'));
    expect(await stage.treeAt('environments/app-0/pr-1')).toBe(treeIdOf(tree('app-0/pr-1', '2')));
    expect(stage.server().log).toHaveLength(5);

    const picky = await startGitServer({ token: canary });
    try {
      await picky.create({ environments: 4, config: { 'uploadpackfilter.tree.maxDepth': '0' } });
      await put(stage.open({ url: picky.url() }), 'app-0/pr-1', tree('app-0/pr-1', '2'));
      const first = picky.log.length;
      picky.log.length = 0;
      await put(stage.open({ url: picky.url() }), 'app-0/pr-1', tree('app-0/pr-1', '3'));
      expect(picky.log).toHaveLength(7);
      expect(first).toBeGreaterThan(7); // the refusal was paid for once and is remembered
    } finally {
      await picky.stop();
    }
  });
});
