import { describe, expect, test } from '@jest/globals';
import { groupCommit } from '../../src/gitops/group.js';
import type { GitOpsRepository } from '../../src/gitops/port.js';
import type { Ask } from '../../src/gitops/publish.js';
import { refusedError, temporaryError } from '../../src/model/errors.js';
import { parseId } from '../../src/model/names.js';
import { memoryGitOps, type MemoryGitOps } from '../fakes/memory-gitops.js';
import { change, fakeClock, nothing, tree } from './support.js';

const clock = fakeClock();
const wish =
  (name: string, version = '1'): Ask<string> =>
  () =>
    Promise.resolve({ plan: `${name} ${version}`, changes: [change(name, tree(name, version))] });
const fail =
  (error: Error): Ask<string> =>
  () =>
    Promise.reject(error);

const open = (git: MemoryGitOps, options: Partial<Parameters<typeof groupCommit>[1]> = {}) => {
  const publish = groupCommit(git, { clock, ...options });
  return (name: string, ask: Ask<string> = wish(name)) => publish(ask, { ids: [parseId(name)], clock });
};
const names = (count: number): readonly string[] => Array.from({ length: count }, (_, n) => `shop/pr-${n + 1}`);

describe('group commit', () => {
  test('whoever comes alone is pushed at once; whoever comes during a push goes with the next one, all together', async () => {
    const git = memoryGitOps();
    const publish = open(git);
    const results = await Promise.all(names(20).map((name) => publish(name)));
    expect(git.counts.pushes).toBe(2);
    expect([...git.environments.keys()].sort()).toEqual([...names(20)].sort());
    expect(git.messages).toHaveLength(20);
    expect(results.map(({ plan }) => plan)).toEqual(names(20).map((name) => `${name} 1`));
    expect(new Set(results.slice(1).map(({ commit }) => commit.tip)).size).toBe(1);
  });

  test('the latest ask for an environment wins', async () => {
    const git = memoryGitOps();
    const publish = open(git);
    await Promise.all([
      publish('shop/pr-9'),
      ...['1', '2', '3'].map((version) => publish('shop/pr-1', wish('shop/pr-1', version))),
    ]);
    expect(git.environments.get('shop/pr-1')).toEqual(tree('shop/pr-1', '3'));
    expect(git.messages).toHaveLength(2);
  });

  test('an ask that throws is turned away alone', async () => {
    const git = memoryGitOps();
    const publish = open(git);
    const results = await Promise.allSettled([
      publish('shop/pr-1'),
      publish('shop/pr-2'),
      publish('shop/pr-3', fail(new Error('poison'))),
      publish('shop/pr-4'),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect([...git.environments.keys()].sort()).toEqual(['shop/pr-1', 'shop/pr-2', 'shop/pr-4']);
  });

  test('after a lost push everyone is asked again, for the tip as it is now', async () => {
    const git = memoryGitOps({ 'shop/pr-7': tree('shop/pr-7') });
    const publish = open(git);
    const attempts: string[] = [];
    const counted =
      (name: string): Ask<string> =>
      (base, attempt) => {
        attempts.push(`${name} ${attempt} of ${base.names.length}`);
        return wish(name)(base, attempt);
      };
    git.beforePush = (push) => {
      if (push === 2) git.write('shop/pr-8', tree('shop/pr-8'));
    };
    await Promise.all(names(3).map((name) => publish(name, counted(name))));
    expect(attempts).toEqual([
      'shop/pr-1 1 of 1',
      'shop/pr-2 1 of 2',
      'shop/pr-3 1 of 2',
      'shop/pr-2 2 of 3',
      'shop/pr-3 2 of 3',
    ]);
    expect(git.environments.size).toBe(5);
  });

  test('what the repository can’t take is found out by trying one at a time', async () => {
    const git = memoryGitOps();
    const commit = git.commit.bind(git);
    git.commit = (base, changes, at) =>
      changes.some(({ files }) => files.has('poison'))
        ? Promise.reject(refusedError('PushRefused', 'a rule refused it'))
        : commit(base, changes, at);
    const publish = open(git);
    const poison: Ask<string> = () =>
      Promise.resolve({ plan: '', changes: [change('shop/pr-2', new Map([['poison', '']]))] });
    const results = await Promise.allSettled([
      publish('shop/pr-1'),
      publish('shop/pr-2', poison),
      publish('shop/pr-3'),
      publish('shop/pr-4'),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  });

  test('a repository that can’t be reached is asked once for all, and the next ask tries again', async () => {
    const git = memoryGitOps();
    git.beforeRead = () => {
      throw refusedError('RemoteUnauthorized', 'no');
    };
    const publish = open(git);
    const results = await Promise.allSettled(names(10).map((name) => publish(name)));
    expect(results.map(({ status }) => status)).toEqual(names(10).map(() => 'rejected'));
    expect(git.counts.reads).toBe(2);
    git.beforeRead = undefined;
    expect((await publish('shop/pr-1')).commit.tip).toBeDefined();
  });

  test('a push that fails for a while fails for the whole group, which says so', async () => {
    const git = memoryGitOps();
    git.beforePush = () => {
      throw temporaryError('RemoteUnavailable', 'down');
    };
    const publish = open(git);
    const results = await Promise.allSettled(names(3).map((name) => publish(name)));
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(git.environments.size).toBe(0);
  });

  test('a group is bounded; between pushes, and only there, the repository may be opened anew', async () => {
    const git = memoryGitOps();
    const told: string[] = [];
    const publish = open(git, {
      largest: 4,
      between: () => Promise.resolve(void told.push('between')),
      pushed: (asks) => told.push(`pushed ${asks}`),
    });
    await Promise.all(names(10).map((name) => publish(name)));
    expect(told).toEqual(['between', 'pushed 1', 'between', 'pushed 4', 'between', 'pushed 4', 'between', 'pushed 1']);
  });

  test('removals and updates go together; a dry run pushes nothing', async () => {
    const git = memoryGitOps({ 'shop/pr-1': tree('shop/pr-1'), 'shop/pr-2': tree('shop/pr-2') });
    const publish = groupCommit(git, { clock });
    const remove: Ask<string> = () => Promise.resolve({ plan: 'gone', changes: [change('shop/pr-1', nothing)] });
    const dry = await publish(remove, { ids: [parseId('shop/pr-1')], clock, mode: 'dry-run' });
    expect(dry.commit.changes).toHaveLength(1);
    expect(git.counts.pushes).toBe(0);
    await Promise.all([
      publish(wish('shop/pr-9'), { ids: [parseId('shop/pr-9')], clock }),
      publish(remove, { ids: [parseId('shop/pr-1')], clock }),
      publish(wish('shop/pr-2', '2'), { ids: [parseId('shop/pr-2')], clock }),
    ]);
    expect([...git.environments.keys()].sort()).toEqual(['shop/pr-2', 'shop/pr-9']);
    expect(git.counts.pushes).toBeLessThan(3);
  });

  test('a dry run waits for its turn: one call into the repository at a time, whoever comes', async () => {
    const git = memoryGitOps({ 'shop/pr-1': tree('shop/pr-1') });
    let [inside, most] = [0, 0];
    const alone = async <Result>(call: () => Promise<Result>): Promise<Result> => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setImmediate(resolve));
      return call().finally(() => (inside -= 1));
    };
    const one: GitOpsRepository = {
      ...git,
      read: (ids) => alone(() => git.read(ids)),
      commit: (base, changes, at) => alone(() => git.commit(base, changes, at)),
      push: (commit, overtaken) => alone(() => git.push(commit, overtaken)),
    };
    const told: string[] = [];
    const publish = groupCommit(one, {
      clock,
      between: () => Promise.resolve(void told.push('between')),
      pushed: (asks) => told.push(`pushed ${asks}`),
    });
    const run = (name: string, mode: 'push' | 'dry-run', ask: Ask<string> = wish(name, '2')) =>
      publish(ask, { ids: [parseId(name)], clock, mode });
    const results = await Promise.allSettled([
      run('shop/pr-1', 'push'),
      run('shop/pr-2', 'dry-run'),
      run('shop/pr-3', 'push'),
      run('shop/pr-4', 'dry-run', fail(new Error('poison'))),
      run('shop/pr-5', 'push'),
    ]);
    expect(most).toBe(1);
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect([...git.environments.keys()].sort()).toEqual(['shop/pr-1', 'shop/pr-3', 'shop/pr-5']);
    expect(told).toEqual(['between', 'pushed 1', 'between', 'between', 'between', 'pushed 2']);
  });
});
