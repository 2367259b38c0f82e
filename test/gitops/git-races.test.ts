import { describe, expect, test } from '@jest/globals';
import { parseId, printId } from '../../src/model/names.js';
import { publish } from '../../src/gitops/publish.js';
import { addCommit, treeIdOf } from '../git/fixture.js';
import { at, failure, faultsOf, gitStage, put } from './git-stage.js';
import { change, realClock, tree } from './support.js';

const stage = gitStage();

describe('races', () => {
  test('eight publishers of eight environments all land, one commit each', async () => {
    await stage.create({ environments: 16 });
    const start = await stage.git('rev-parse', 'main');
    const names = Array.from({ length: 8 }, (_, index) => `app-${index % 4}/pr-${index < 4 ? 1 : 50}`);
    const results = await Promise.all(
      names.map((each) =>
        publish(stage.open(), () => Promise.resolve({ plan: each, changes: [change(each, tree(each, 'raced'))] }), {
          ids: [parseId(each)],
          clock: realClock(),
        }),
      ),
    );
    expect(results.every(({ commit }) => commit.tip !== undefined)).toBe(true);
    expect(await stage.git('rev-list', '--count', `${start}..main`)).toBe('8');
    for (const each of names) expect(await stage.treeAt(`environments/${each}`)).toBe(treeIdOf(tree(each, 'raced')));
    const touched = (await stage.git('diff', '--name-only', start, 'main')).split('\n');
    expect(touched.every((path) => names.some((each) => path.startsWith(`environments/${each}/`)))).toBe(true);
    expect(await faultsOf(stage)).toEqual([]);
  });

  test('two on one environment: the last truth wins, and nothing is torn', async () => {
    await stage.create({ environments: 1 });
    let truth = '1';
    const publisher = (version: string) =>
      publish(
        stage.open(),
        () => {
          if (version > truth) truth = version;
          return Promise.resolve({ plan: truth, changes: [change('shop/pr-42', tree('shop/pr-42', truth))] });
        },
        { ids: [parseId('shop/pr-42')], clock: realClock() },
      );
    await Promise.all(['1', '2', '3', '4'].map(publisher));
    expect(await stage.treeAt('environments/shop/pr-42')).toBe(treeIdOf(tree('shop/pr-42', '4')));
    expect(await faultsOf(stage)).toEqual([]);
  });

  test('an answer that is lost after the push has landed makes one commit', async () => {
    await stage.create({ environments: 1 });
    const faults = [
      { kind: 'reset', when: 'after' },
      { kind: 'status', status: 502, when: 'after' },
    ] as const;
    for (const [index, fault] of faults.entries()) {
      let left = 1;
      stage
        .server()
        .setFault(({ method, uri }) =>
          method === 'POST' && uri.endsWith('git-receive-pack') && left-- > 0 ? fault : undefined,
        );
      const { commit } = await put(stage.open(), 'shop/pr-42', tree('shop/pr-42', String(index)));
      expect(commit.tip ?? (await stage.git('rev-parse', 'main'))).toBe(await stage.git('rev-parse', 'main'));
      expect(await stage.git('rev-list', '--count', 'main')).toBe(String(index + 2));
    }
  });

  test('a branch that was rewound meanwhile isn’t brought back', async () => {
    await stage.create({ environments: 1 });
    const first = await stage.git('rev-parse', 'main');
    await addCommit(stage.directory(), { entries: { 'environments/bad/pr-1/environment.json': '{}' } });
    const repository = stage.open();
    const base = await repository.read([]);
    const commit = await repository.commit(base, [change('shop/pr-42', tree('shop/pr-42'))], at);
    await stage.git('update-ref', 'refs/heads/main', first);
    expect(await failure(repository.push(commit))).toMatchObject({ code: 'PushContended', class: 'TemporaryError' });
    await put(repository, 'shop/pr-42', tree('shop/pr-42'));
    expect(await stage.treeAt('environments/bad')).toBeUndefined();
  });

  test('two first writers of an empty repository both land', async () => {
    await stage.create();
    await Promise.all(
      ['shop/pr-1', 'shop/pr-2'].map((each) =>
        publish(stage.open(), () => Promise.resolve({ plan: '', changes: [change(each, tree(each))] }), {
          ids: [parseId(each)],
          clock: realClock(),
        }),
      ),
    );
    expect((await stage.open().read([])).names.map(printId)).toEqual(['shop/pr-1', 'shop/pr-2']);
  });
});
