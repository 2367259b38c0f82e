import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseId, printId } from '../../src/model/names.js';
import type { Change, GitOpsRepository } from '../../src/gitops/port.js';
import { publish } from '../../src/gitops/publish.js';
import { addCommit, treeIdOf } from '../git/fixture.js';
import { buildScript, runCrowd, type Built } from './crowd/crowd.js';
import { faultsOfCrowd } from './crowd/proof.js';
import { openScene, type Scene } from './crowd/scene.js';
import { at, failure, faultsOf, gitStage } from './git-stage.js';
import { change, nothing, realClock, tree } from './support.js';

const stage = gitStage();

/** Leaves changes in the queue, as one whose push was lost does. */
const leave = async (repository: GitOpsRepository, changes: readonly Change[], when = at) => {
  const base = await repository.read(changes.map(({ id }) => id));
  const commit = await repository.commit(base, changes, when);
  return repository.queue!.enqueue(base, commit, { changes, at: when });
};

const queued = () => stage.git('for-each-ref', '--format=%(refname:lstrip=3)', 'refs/bivouac/');

describe('the queue on side refs', () => {
  test.each(['a', 'b', 'c', 'd', 'e'] as const)('is carried over on rung %s, one commit an entry', async (rung) => {
    await stage.create({ environments: 9 });
    const start = await stage.git('rev-parse', 'main');
    const flux = 'kind: Kustomization\nname: ü\n';
    await leave(stage.open({ rung }), [change('new/pr-1', tree('new/pr-1'), flux)]);
    await leave(stage.open({ rung }), [change('app-0/pr-1', tree('app-0/pr-1', '2')), change('app-1/pr-1', nothing)]);
    expect((await queued()).split('\n')).toEqual(['app-0/pr-1', 'app-1/pr-1', 'new/pr-1']);

    await stage.open({ rung }).queue!.combine(at);
    expect(await queued()).toBe('');
    expect(await stage.treeAt('environments/new/pr-1')).toBe(treeIdOf(tree('new/pr-1')));
    expect(await stage.treeAt('environments/app-0/pr-1')).toBe(treeIdOf(tree('app-0/pr-1', '2')));
    expect(await stage.treeAt('environments/app-1/pr-1')).toBeUndefined();
    expect(await stage.git('show', 'main:flux/new/pr-1.yaml')).toBe(flux.trim());
    const log = await stage.git('log', '--format=%ct %s|%(trailers:only,unfold)', `${start}..main`);
    const seconds = at.getTime() / 1000;
    expect(log.split('\n').filter(Boolean)).toEqual([
      `${seconds} new/pr-1: update to 1a2b3c4 (acme/shop#42)|Bivouac-Environment: new/pr-1`,
      `${seconds} app-1/pr-1: remove (closed)|Bivouac-Environment: app-1/pr-1`,
      `${seconds} app-0/pr-1: update to 1a2b3c4 (acme/shop#42)|Bivouac-Environment: app-0/pr-1`,
    ]);
    const touched = (await stage.git('diff', '--name-only', start, 'main')).split('\n');
    expect(touched.filter((path) => !/^(environments\/(new|app-0|app-1)\/pr-1|flux\/new)\//.test(path))).toEqual([]);
    expect(await faultsOf(stage)).toEqual([]);
  });

  test('an entry whose environment has changed meanwhile is dropped', async () => {
    await stage.create({ environments: 4 });
    await leave(stage.open(), [change('app-0/pr-1', tree('app-0/pr-1', 'old'))]);
    await addCommit(stage.directory(), { entries: { 'environments/app-0/pr-1/README.md': 'newer' } });
    const newer = await stage.git('rev-parse', 'main');
    await stage.open().queue!.combine(at);
    expect(await queued()).toBe('');
    expect(await stage.git('rev-parse', 'main')).toBe(newer);
  });

  test('an entry that wasn’t seen is never replaced', async () => {
    await stage.create({ environments: 4 });
    const [late, early] = [stage.open(), stage.open()];
    const changes = [change('shop/pr-42', tree('shop/pr-42', 'older'))];
    const base = await late.read([parseId('shop/pr-42')]);
    const commit = await late.commit(base, changes, at);
    await leave(early, [change('shop/pr-42', tree('shop/pr-42', 'newer'))]);
    const error = await failure(late.queue!.enqueue(base, commit, { changes, at }));
    expect(error).toMatchObject({ code: 'PushContended', class: 'TemporaryError' });

    const again = await late.read([parseId('shop/pr-42')]);
    expect(again.queued?.map(({ tree: id }) => id)).toEqual([treeIdOf(tree('shop/pr-42', 'newer'))]);
    await late.push(await late.commit(again, changes, at), again.queued);
    expect(await stage.treeAt('environments/shop/pr-42')).toBe(treeIdOf(tree('shop/pr-42', 'older')));
    expect(await queued()).toBe('');
  });

  test('a combiner that lost carries over what is left at its next try', async () => {
    await stage.create({ environments: 4 });
    const [one, other] = [stage.open(), stage.open()];
    await leave(one, [change('shop/pr-1', tree('shop/pr-1'))]);
    let held = false;
    stage.server().setFault(({ method, uri }) => {
      if (held || method !== 'POST' || !uri.endsWith('git-receive-pack')) return undefined;
      held = true;
      return { kind: 'delay', until: other.queue!.combine(at) };
    });
    expect(await failure(one.queue!.combine(at))).toMatchObject({ class: 'TemporaryError' });
    await leave(other, [change('shop/pr-2', tree('shop/pr-2'))]);
    await one.queue!.combine(at);
    expect((await stage.open().read([])).names.map(printId).filter((name) => name.startsWith('shop/'))).toEqual([
      'shop/pr-1',
      'shop/pr-2',
    ]);
    expect(await faultsOf(stage)).toEqual([]);
  });

  test('what isn’t ours in it is left alone or dropped, and hinders nobody', async () => {
    await stage.create({ environments: 4 });
    const start = await stage.git('rev-parse', 'main');
    await addCommit(stage.directory(), {
      entries: { 'a-link': { mode: '120000', content: '/etc/passwd' } },
      branch: 'link',
    });
    const root = await stage.git('rev-parse', 'link^{tree}');
    const text = 'app-0/pr-1: update\n\nReplaces: none\n';
    const identity = ['-c', 'user.name=x', '-c', 'user.email=x@example.com'];
    const link = await stage.git(...identity, 'commit-tree', root, '-m', text.trim());
    await stage.git('update-ref', 'refs/bivouac/queue/aaa/pr-1', link);
    await stage.git('update-ref', 'refs/bivouac/queue/app-0/pr-1', start);
    await stage.git('update-ref', 'refs/bivouac/queue/NOT/A-NAME', start);
    await leave(stage.open(), [change('shop/pr-1', tree('shop/pr-1'))]);
    await stage.open().queue!.combine(at);
    expect(await queued()).toBe('NOT/A-NAME');
    expect(await stage.treeAt('environments/aaa')).toBeUndefined();
    expect(await stage.treeAt('environments/shop/pr-1')).toBe(treeIdOf(tree('shop/pr-1')));
    expect(await stage.git('rev-list', '--count', `${start}..main`)).toBe('1');
  });
});

describe('a host without it', () => {
  test.each([
    ['no refs of our own', { 'receive.hideRefs': 'refs/bivouac' }],
    ['no pushes that are all or nothing', { 'receive.advertiseAtomic': 'false' }],
  ])('that takes %s is found out by trying, and gets the change by another push', async (_what, config) => {
    await stage.create({ environments: 4, config });
    const repository = stage.open();
    let pushes = 0;
    const racing: GitOpsRepository = {
      ...repository,
      push: async (...args) => {
        pushes += 1;
        if (pushes === 1) await addCommit(stage.directory(), { entries: { 'environments/zoo/pr-1/README.md': 'x' } });
        return repository.push(...args);
      },
    };
    const ask = () => Promise.resolve({ plan: '', changes: [change('shop/pr-1', tree('shop/pr-1'))] });
    await publish(racing, ask, { ids: [parseId('shop/pr-1')], clock: realClock() });
    expect(pushes).toBe(2);
    expect(await stage.treeAt('environments/shop/pr-1')).toBe(treeIdOf(tree('shop/pr-1')));
    expect(await queued()).toBe('');

    stage.server().log.length = 0;
    const changes = [change('shop/pr-2', tree('shop/pr-2'))];
    const base = await repository.read([parseId('shop/pr-2')]);
    const commit = await repository.commit(base, changes, at);
    stage.server().log.length = 0;
    expect(await repository.queue!.enqueue(base, commit, { changes, at })).toBeUndefined();
    expect(stage.server().log).toEqual([]); // remembered
  });
});

describe('a crowd of processes', () => {
  let scene: Scene;
  let built: Built;
  beforeAll(async () => {
    [scene, built] = await Promise.all([openScene({ environments: 100 }), buildScript('publisher')]);
  });
  afterAll(() => Promise.all([scene.stop(), built.remove()]));

  test('twelve on different environments and six on one: everything lands, once, and the last truth stays', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `app-${index % 10}/pr-${index % 2 === 0 ? 1 : 50 + index}`);
    const one = 'shop/pr-42';
    const jobs = await Promise.all([
      ...names.map((name) => scene.jobOf(name, 'crowd')),
      ...Array.from({ length: 6 }, () => scene.jobOf(one, 'v0')),
    ]);
    await runCrowd(built, jobs, {
      beforeStart: (index) => (index >= 12 ? scene.setTruth(one, `v${index - 11}`) : undefined),
    });
    const truths = new Map([...names.map((name) => [name, 'crowd'] as const), [one, 'v6']]);
    const claim = { directory: scene.directory, start: scene.start, truths, commits: { atMost: 18 } };
    expect(await faultsOfCrowd(claim)).toEqual([]);
    const subjects = await scene.git('log', '--format=%s', `${scene.start}..main`);
    const landed = subjects.split('\n').map((subject) => subject.replace(/:.*/, ''));
    for (const name of names) expect(landed.filter((each) => each === name)).toHaveLength(1);
  }, 120_000);
});
