import { describe, expect, test } from '@jest/globals';
import { parseId } from '../../src/model/names.js';
import { addCommit } from '../git/fixture.js';
import { canary, failure, gitStage, put } from './git-stage.js';
import { nothing, tree } from './support.js';

const stage = gitStage();
const one = parseId('app-0/pr-1');
const other = parseId('app-1/pr-2');
const headOf = (): Promise<string> => stage.git('rev-parse', 'main');
const manifestsOf = (commit: string, name = 'app-0/pr-1'): Promise<string> =>
  stage.git('rev-parse', `${commit}:environments/${name}/manifests`);

describe.each(['a', 'b', 'c', 'd', 'e'] as const)('rung %s', (rung) => {
  test('manifests of any commit, in whatever order they are asked for', async () => {
    await stage.create({ environments: 9 });
    const first = await headOf();
    await put(stage.open(), 'app-0/pr-1', tree('app-0/pr-1', '2'));
    const second = await headOf();
    await put(stage.open(), 'app-1/pr-2', tree('app-1/pr-2', '2'));
    const third = await headOf();

    const repository = stage.open({ rung });
    expect(await repository.manifestsAt(second, one)).toBe(await manifestsOf(second));
    expect(await repository.manifestsAt(first, one)).toBe(await manifestsOf(first));
    expect(await repository.manifestsAt(third, one)).toBe(await manifestsOf(second)); // another environment’s commit
    expect(await repository.manifestsAt(third, other)).toBe(await manifestsOf(third, 'app-1/pr-2'));
    expect(await manifestsOf(first)).not.toBe(await manifestsOf(second));

    await repository.read([one]); // what is asked for after a read, and read after being asked for
    await put(stage.open(), 'app-0/pr-1', nothing);
    const fourth = await headOf();
    expect(await repository.manifestsAt(fourth, one)).toBeUndefined();
    expect(await repository.manifestsAt(first, other)).toBe(await manifestsOf(first, 'app-1/pr-2'));
    expect((await repository.read([other])).environments.get('app-1/pr-2')?.files.size).toBe(12);
    await put(repository, 'app-1/pr-2', tree('app-1/pr-2', '3'));
    expect(await repository.manifestsAt(await headOf(), other)).toBe(await manifestsOf('main', 'app-1/pr-2'));
    expect(await stage.git('rev-list', '--count', 'main')).toBe('5');
  });
});

test('what is no commit of this repository holds nothing, until it is there', async () => {
  await stage.create({ environments: 4 });
  const repository = stage.open();
  const names = ['refs/heads/main', 'main', 'HEAD', 'abc', 'a'.repeat(64), '', '--upload-pack=touch x', '-'.repeat(40)];
  stage.server().log.length = 0;
  for (const name of names) expect(await repository.manifestsAt(name, one)).toBeUndefined();
  expect(stage.server().log).toEqual([]);

  expect(await repository.manifestsAt('a'.repeat(40), one)).toBeUndefined();
  const blob = await stage.git('rev-parse', 'main:environments/app-0/pr-1/README.md');
  expect(await repository.manifestsAt(blob, one)).toBeUndefined();
  expect(await repository.manifestsAt(await headOf(), parseId('nobody/pr-1'))).toBeUndefined();
  const commit = await addCommit(stage.directory(), { entries: { 'environments/app-0/pr-7': 'a file' } });
  expect(await repository.manifestsAt(commit, parseId('app-0/pr-7'))).toBeUndefined();
  expect(await repository.manifestsAt(commit, one)).toBe(await manifestsOf(commit));
});

test('asked twice, or by many at once, it fetches once; a remote that refuses is an error and no answer', async () => {
  await stage.create({ environments: 9 });
  const repository = stage.open();
  const head = await headOf();
  const ids = [one, other, one, other];
  const trees = await Promise.all(ids.map((id) => repository.manifestsAt(head, id)));
  expect(new Set(trees).size).toBe(2);
  const count = stage.server().log.length;
  await Promise.all(ids.map((id) => repository.manifestsAt(head, id)));
  expect(stage.server().log).toHaveLength(count);
  expect(count).toBeLessThan(12);

  const stranger = stage.open({ token: `${canary}x` });
  expect(await failure(stranger.manifestsAt(head, one))).toMatchObject({ code: 'RemoteUnauthorized' });
});
