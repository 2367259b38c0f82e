import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openArgoCdApi } from '../../../src/controllers/argocd/api.js';
import type { Controller } from '../../../src/controllers/port.js';
import { anExpected, answer, type FakeClock, fakeClock, id, images } from '../answers.js';
import { failingImages, syncFailures, workloadFailures } from './failures.js';
import { type ArgoCdServer, type Recorded, replying, startArgoCd } from './server.js';

let server: ArgoCdServer;
let clock: FakeClock;
let controller: Controller;

/** Gives up a request after so many milliseconds. */
const hasty = (deadlineMs: number): Controller =>
  openArgoCdApi({ url: server.url, token: 'secret-token', clock, deadlineMs });

const recorded = (name: string) => answer<Recorded>(`argocd/answers/${name}`);
const expected = anExpected({ images: [...images, ...failingImages] });
const project = '?project=shop-environments';
const application = `applications/shop-pr-42${project}`;
const refresh = `${application}&refresh=normal`;
const old = '1527aee40586c51c608e27332afd42a06b7c708c';

beforeAll(async () => {
  server = await startArgoCd();
});
afterAll(() => server.close());
beforeEach(() => {
  server.asked.length = 0;
  server.tokens.length = 0;
  clock = fakeClock();
  controller = openArgoCdApi({ url: server.url, token: 'secret-token', clock });
});

describe('every failure that was provoked for real is told with component, object, words and remedy', () => {
  test.each([...syncFailures, ...workloadFailures])('$answer', async (failure) => {
    server.reply = replying(recorded(failure.answer));
    const { phase, causes } = await controller.status(expected);
    expect(phase).toBe('deploying');
    const first = causes[0];
    expect(first).toMatchObject({ kind: failure.kind, object: failure.object });
    expect(first?.component).toBe(failure.component);
    expect(first?.message).toMatch(failure.says);
    expect(first?.remedy).toMatch(failure.remedy);
  });

  test.each([...syncFailures, ...workloadFailures])('$answer says nothing of another commit', async (failure) => {
    server.reply = replying(recorded(failure.answer));
    const { phase, causes } = await controller.status({ ...expected, holds: () => Promise.resolve(false) });
    expect({ phase, causes }).toEqual({ phase: 'deploying', causes: [] });
  });

  test('pods of an earlier commit are no cause of this one', async () => {
    server.reply = replying(recorded('image-missing'));
    const { causes } = await controller.status(anExpected());
    expect(causes).toEqual([]);
  });

  test('a quota is found behind a StatefulSet and Jobs that have no pods, by their events', async () => {
    server.reply = replying(recorded('quota'));
    const { causes } = await controller.status(expected);
    expect(causes.map(({ kind, object }) => `${kind} ${object}`)).toEqual([
      'Quota Deployment/api',
      'Quota StatefulSet/database',
      'Quota Job/api-migrate-4d64f1e0ed',
      'Quota Job/database-seed-53fd1511e4',
    ]);
  });
});

describe('a broken manifest', () => {
  test('is told once a comparison was asked for, and goes on being told', async () => {
    server.reply = replying(recorded('broken-manifest'));
    for (const pause of [0, 5_000]) {
      clock.pass(pause);
      const { causes } = await controller.status(expected);
      expect(causes).toMatchObject([{ kind: 'BrokenManifest', object: 'Application/shop-pr-42' }]);
      expect(causes[0]?.message).toMatch(/^Failed to unmarshal "raw\.yaml"/);
    }
    expect(server.asked.filter((each) => each === refresh)).toHaveLength(1);
  });

  test('of before isn’t held against another commit until it was compared', async () => {
    server.reply = replying(recorded('broken-manifest'));
    await controller.status(expected);
    clock.pass(5_000);
    const { causes } = await controller.status(anExpected());
    expect(causes).toEqual([]);
  });
});

describe('ready', () => {
  test('is said after a comparison that was asked for', async () => {
    server.reply = replying(recorded('ready'));
    expect(await controller.status(anExpected())).toEqual({
      phase: 'ready',
      message: 'this commit is synced and healthy',
      causes: [],
      revision: old,
    });
    expect(server.asked).toEqual([application, refresh]);
  });

  test('isn’t said when that comparison says otherwise: the cluster has refused the change', async () => {
    const refused = recorded('broken-manifest');
    server.reply = (path, query) =>
      replying(query.get('refresh') === 'normal' ? refused : recorded('ready'))(path, query);
    const { phase, causes } = await controller.status(anExpected());
    expect(phase).toBe('deploying');
    expect(causes).toMatchObject([{ kind: 'BrokenManifest' }]);
  });

  test('isn’t said when that comparison doesn’t come in time', async () => {
    server.reply = (path, query) =>
      query.get('refresh') === 'normal' ? { hangs: true } : replying(recorded('ready'))(path, query);
    expect(await hasty(1_000).status(anExpected())).toMatchObject({
      phase: 'deploying',
      message: 'it looks ready; waiting for a comparison that confirms it',
    });
  });
});

test('until this commit is seen Argo CD is asked to compare anew, at most every 30 seconds', async () => {
  server.reply = replying(recorded('ready'));
  const unseen = anExpected({ but: [old] });
  for (const pause of [0, 5_000, 24_000, 2_000]) {
    clock.pass(pause);
    expect((await controller.status(unseen)).phase).toBe('deploying');
  }
  expect(server.asked.filter((each) => each === refresh)).toHaveLength(2);
  expect(server.asked.every((each) => each.startsWith(application))).toBe(true);
});

test('a sync that runs isn’t disturbed by comparisons', async () => {
  server.reply = replying(recorded('sync-running'));
  expect(await controller.status(expected)).toMatchObject({ message: 'a sync is running', causes: [] });
  expect(server.asked).not.toContain(refresh);
});

describe('without an Application the set is looked at', () => {
  const set =
    (body: unknown): ArgoCdServer['reply'] =>
    (path) =>
      path === 'applicationsets/shop-environments' ? { body } : undefined;

  test.each([
    ['set-broken-file', /^it creates and removes nothing: .*'environments\/shop\/pr-43\/environment\.json'/],
    ['set-missing-key', /map has no entry for key "headSha"/],
  ])('%s', async (name, words) => {
    server.reply = set(answer(`argocd/answers/${name}`));
    const { phase, causes } = await controller.status(anExpected());
    expect(phase).toBe('absent');
    expect(causes).toMatchObject([{ kind: 'FrozenSet', object: 'ApplicationSet/shop-environments' }]);
    expect(causes[0]?.message).toMatch(words);
    expect(causes[0]?.remedy).toMatch(/bivouac doctor.*application-set-refresh- && .*application-set-refresh=true/);
  });

  test('one that works, and one that may not be read, say nothing', async () => {
    server.reply = set({ status: { conditions: [{ type: 'ErrorOccurred', status: 'False' }] } });
    expect(await controller.status(anExpected())).toMatchObject({ phase: 'absent', causes: [] });
    server.reply = (path) => (path.startsWith('applicationsets') ? { status: 403, body: {} } : undefined);
    expect(await controller.status(anExpected())).toMatchObject({ phase: 'absent', causes: [] });
  });

  test('none at all', async () => {
    server.reply = () => undefined;
    expect((await controller.status(anExpected())).causes).toMatchObject([
      { kind: 'FrozenSet', remedy: expect.stringMatching(/bivouac init gitops/) as unknown as string },
    ]);
  });
});

describe('what is left after a removal', () => {
  const partsOf = (presence: string) => [
    { kind: 'Application', name: 'shop-pr-42', presence },
    { kind: 'Namespace', name: 'shop-pr-42', presence: 'unread' },
    { kind: 'PersistentVolume', name: 'shop-pr-42', presence: 'unread' },
  ];

  test('nothing of the Application; of the rest nothing is known, and that is said', async () => {
    server.reply = () => undefined;
    const { parts, causes } = await controller.remains(id);
    expect(parts).toMatchObject(partsOf('gone'));
    expect(parts.slice(1).every(({ why }) => why !== undefined)).toBe(true);
    expect(causes).toEqual([]);
  });

  test.each([
    ['removing-sync-running', 'SyncRunning', 'Application/shop-pr-42', /argocd app terminate-op shop-pr-42/],
    ['removing-finalizer', 'Finalizer', 'Deployment/api', /kubectl patch -n shop-pr-42 deployment\/api .*finalizers/],
    ['removing-namespace', 'Finalizer', 'Namespace/shop-pr-42', /kubectl get namespace shop-pr-42/],
  ])('%s', async (...[name, kind, object, remedy]) => {
    server.reply = replying(recorded(name));
    expect((await controller.status(expected)).phase).toBe('removing');
    const { parts, causes } = await controller.remains(id);
    expect(parts).toMatchObject(partsOf('there'));
    expect(causes).toMatchObject([{ kind, object }]);
    expect(causes[0]?.remedy).toMatch(remedy);
  });

  test('an Application that nobody removes, as its set is frozen', async () => {
    server.reply = (path, query) =>
      path.startsWith('applicationsets/')
        ? { body: answer('argocd/answers/set-missing-key') }
        : replying(recorded('ready'))(path, query);
    expect((await controller.remains(id)).causes).toMatchObject([{ kind: 'FrozenSet' }]);
  });
});

describe('what goes wrong on the way', () => {
  const page = '<html>sign in</html>';
  test.each([
    [
      'the token is refused',
      { status: 401, body: { message: 'invalid session: secret' } },
      'ControllerUnauthorized',
      'RefusedError',
    ],
    [
      'the project is another',
      { status: 403, body: { message: 'permission denied' } },
      'ControllerForbidden',
      'RefusedError',
    ],
    [
      'a redirect',
      { status: 302, headers: { location: 'https://login.example.com' } },
      'ControllerRefused',
      'RefusedError',
    ],
    ['out of order', { status: 503, body: 'upstream' }, 'ControllerUnavailable', 'TemporaryError'],
    ['a proxy’s 404', { status: 404, body: page }, 'ControllerUnavailable', 'TemporaryError'],
    [
      'another’s 404',
      { status: 404, body: { message: 'no Route matched' } },
      'ControllerUnavailable',
      'TemporaryError',
    ],
    ['a sign-in page', { body: page }, 'ControllerUnavailable', 'TemporaryError'],
    ['another shape', { body: { status: [] } }, 'ControllerUnavailable', 'TemporaryError'],
    ['no end', { body: 'x'.repeat(9 * 1024 * 1024) }, 'ControllerUnavailable', 'TemporaryError'],
    ['no answer', { hangs: true }, 'ControllerUnavailable', 'TemporaryError'],
  ])('%s', async (...[, reply, code, errorClass]) => {
    server.reply = () => reply;
    const asker = 'hangs' in reply ? hasty(100) : controller;
    const failure = await asker.status(anExpected()).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code, class: errorClass, remedy: expect.any(String) });
    expect(JSON.stringify([failure, String(failure)])).not.toContain('secret-token');
    expect(server.tokens).toEqual(['Bearer secret-token']);
  });

  test('a 404 of something before it doesn’t say that an Application is gone', async () => {
    server.reply = () => ({ status: 404, body: 'default backend - 404' });
    await expect(controller.remains(id)).rejects.toMatchObject({
      ...{ code: 'ControllerUnavailable', message: expect.stringContaining('a 404 that isn’t Argo CD’s') },
    });
  });

  test('nobody listens', async () => {
    const nowhere = openArgoCdApi({ url: 'http://127.0.0.1:9', token: 'secret-token', clock });
    await expect(nowhere.status(anExpected())).rejects.toMatchObject({ code: 'ControllerUnavailable' });
  });

  test.each(['argocd.example.com', 'http://argocd.example.com', 'https://a:b@argocd.example.com', 'ftp://x'])(
    'the token isn’t sent to %s',
    (url) => {
      expect(() => openArgoCdApi({ url, token: 'secret-token', clock })).toThrow(
        expect.objectContaining({ code: 'InvalidControllerUrl' }),
      );
    },
  );
});

test('people look at it on its page', () => {
  const below = openArgoCdApi({ url: 'https://example.com/argocd/', token: 'x', clock });
  expect(below.page?.(id)).toBe('https://example.com/argocd/applications/argocd/shop-pr-42');
});
