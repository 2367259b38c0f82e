import { describe, expect, test } from '@jest/globals';
import { defaultPreset } from '../../src/decide/candidates.js';
import { restateEnvironments, type RestateLine, type RestateSubject } from '../../src/line/restate.js';
import { temporaryError } from '../../src/model/errors.js';
import { parseId } from '../../src/model/names.js';
import type { Outcome } from '../../src/model/outcome.js';
import { repositoryId } from '../../src/model/pull-request.js';
import type { Restatement } from '../../src/synth/restate.js';
import { application, day, hour, now, otherHead, pullRequest, sha } from '../decide/builders.js';
import { type Scene, scene, sceneConfig } from './scene.js';

const live = async (settings = sceneConfig()): Promise<Scene> => {
  const it = scene(settings);
  await it.run();
  return it;
};
const restated = async (
  it: Scene,
  how: Restatement,
  { subject = {}, line = {} }: { subject?: Partial<RestateSubject>; line?: Partial<RestateLine> } = {},
): Promise<readonly Outcome[]> => {
  const all: RestateSubject = { candidates: [{ id: parseId('shop/pr-42'), preset: defaultPreset }], how, ...subject };
  const results = await restateEnvironments(all, {
    ...{ config: sceneConfig(), repository: it.git, version: '0.0.0', mode: 'push', serializer: 'fast' },
    clock: { now: () => it.at, wait: () => Promise.resolve(), random: () => 0.5 },
    ...line,
  });
  return results.map(({ outcome }) => outcome);
};
const files = ({ git }: Scene) => Object.fromEntries(git.environments.get('shop/pr-42') ?? []);
const subjects = ({ git }: Scene): readonly string[] => git.messages.map(({ subject }) => subject);

describe('sleep and wake', () => {
  test('are commits of their own, hold at the same head, and say so', async () => {
    const it = await live();
    const awake = files(it);
    const [slept] = await restated(it, { kind: 'sleep' });
    expect(slept).toMatchObject({
      ...{ outcome: 'Updated', reason: 'Slept', components: ['bucket', 'database', 'web'] },
      message: 'put to sleep: nothing runs, volumes stay; a push or wake brings it back',
      changes: { added: [], changed: ['Deployment/web', 'StatefulSet/database'], removed: [] },
    });
    const tip = it.git.tip;
    expect(await it.run()).toMatchObject([{ outcome: 'Unchanged' }]); // charts give the same bytes
    expect(await restated(it, { kind: 'sleep' })).toMatchObject([
      { outcome: 'Unchanged', reason: 'SameTree', message: 'shop/pr-42 is asleep already' },
    ]);
    expect(it.git.tip).toBe(tip);

    expect(await restated(it, { kind: 'wake' })).toMatchObject([{ outcome: 'Updated', reason: 'Woken' }]);
    expect(files(it)).toEqual(awake);
    expect(await it.run()).toMatchObject([{ outcome: 'Unchanged' }]);
    expect(subjects(it).slice(1)).toEqual(['shop/pr-42: sleep (acme/shop#42)', 'shop/pr-42: wake (acme/shop#42)']);
    expect(it.git.messages[1]?.trailers.map(([key]) => key)).not.toContain('Bivouac-Bundle');
  });

  test('a new head wakes it', async () => {
    const it = await live();
    await restated(it, { kind: 'sleep' });
    it.set({ headSha: otherHead });
    await it.run();
    expect(files(it)['environment.json']).toContain('"state": "active"');
    expect(Object.values(files(it)).join()).not.toContain('bivouac.dev/replicas');
  });
});

describe('extend', () => {
  test('holds against the next reconcile', async () => {
    const it = await live();
    const [extended] = await restated(it, { kind: 'extend', by: 2 * day });
    expect(extended).toMatchObject({ outcome: 'Updated', reason: 'Extended', expiresAt: '2026-12-02T10:04:05Z' });
    expect(subjects(it)[1]).toBe('shop/pr-42: extend (acme/shop#42)');
    expect(await it.run()).toMatchObject([{ outcome: 'Unchanged', expiresAt: '2026-12-02T10:04:05Z' }]);
  });

  test('is done once where the answer of its push is lost', async () => {
    const it = await live();
    it.git.afterPush = () => {
      it.git.afterPush = undefined;
      throw temporaryError('RemoteUnavailable', 'reset');
    };
    expect(await restated(it, { kind: 'extend', by: day })).toMatchObject([{ expiresAt: '2026-12-01T10:04:05Z' }]);
    expect(files(it)['environment.json']).toContain('"expiresAt": "2026-12-01T10:04:05Z"');
  });

  test('counts from what Git holds where it lost to another', async () => {
    const it = await live();
    it.git.beforePush = async () => {
      it.git.beforePush = undefined;
      await restated(it, { kind: 'extend', by: day });
    };
    expect(await restated(it, { kind: 'extend', by: hour })).toMatchObject([{ expiresAt: '2026-12-01T11:04:05Z' }]);
  });

  test('never past what the platform allows', async () => {
    const config = sceneConfig({ applications: [application({ overrides: { lifetime: 8 * day } })] });
    const it = await live();
    const tip = it.git.tip;
    expect(await restated(it, { kind: 'extend', by: day + hour }, { line: { config } })).toMatchObject([
      { outcome: 'Rejected', reason: 'OverrideNotAllowed', message: expect.stringContaining('2026-12-01 10:04 UTC') },
    ]);
    expect(it.git.tip).toBe(tip);
  });
});

describe('nothing is done', () => {
  test('as a rehearsal', async () => {
    const it = await live();
    const before = files(it);
    const [would] = await restated(it, { kind: 'sleep' }, { line: { mode: 'dry-run' } });
    expect(would).toMatchObject({ outcome: 'Updated', message: expect.stringMatching(/^would be put to sleep/) });
    expect(would).not.toHaveProperty('commit');
    expect(files(it)).toEqual(before);
  });

  test.each([{ kind: 'extend', by: day }, { kind: 'sleep' }, { kind: 'wake' }] as const)(
    '$kind: while it is torn down',
    async (how) => {
      const it = await live();
      it.set({ state: 'closed' });
      await it.run();
      const before = files(it);
      expect(await restated(it, how)).toMatchObject([{ outcome: 'Ignored', reason: 'TearingDown' }]);
      expect(files(it)).toEqual(before);
    },
  );

  test('to another pull request’s environment', async () => {
    const it = await live();
    const tip = it.git.tip;
    for (const owner of [
      pullRequest({ repositoryId: repositoryId(1) }),
      { ...pullRequest(), number: pullRequest().number + 1 } as ReturnType<typeof pullRequest>,
    ])
      expect(await restated(it, { kind: 'sleep' }, { subject: { owner } })).toMatchObject([
        { outcome: 'Rejected', reason: 'OwnedByAnother' },
      ]);
    expect(it.git.tip).toBe(tip);
    expect(await restated(it, { kind: 'sleep' }, { subject: { owner: pullRequest() } })).toMatchObject([
      { outcome: 'Updated' },
    ]);
  });

  test('where there is none, or a newer Bivouac wrote it', async () => {
    const it = scene();
    expect(await restated(it, { kind: 'sleep' })).toEqual([]);
    it.git.write('shop/pr-42', new Map([['environment.json', '{"schemaVersion":"2"}']]));
    expect(await restated(it, { kind: 'sleep' })).toMatchObject([{ outcome: 'Rejected', reason: 'NewerRecord' }]);
  });
});

test('with Flux its Kustomization stays', async () => {
  const config = sceneConfig({ controller: { kind: 'flux' } });
  const it = await live(config);
  const before = it.git.flux.get('shop/pr-42');
  expect(before).toBeDefined();
  await restated(it, { kind: 'sleep' }, { line: { config } });
  expect(it.git.flux.get('shop/pr-42')).toBe(before);
});

test('a sleeping one is torn down with what holds its data awake', async () => {
  const it = await live();
  await restated(it, { kind: 'sleep' });
  it.set({ state: 'closed', headSha: sha('a') });
  it.at = new Date(now.getTime() + 1000);
  await it.run();
  expect(files(it)['manifests/database.yaml']).toContain('replicas: 1');
  expect(files(it)['manifests/web.yaml']).toContain('replicas: 0');
});
