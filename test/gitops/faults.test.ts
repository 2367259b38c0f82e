import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openGitRepository } from '../../src/gitops/git/repository.js';
import type { Fault } from '../git/server.js';
import { withstand, type Hostility } from '../publish/faults/hostile.js';
import { pointsOf, stopAndFinish } from '../publish/faults/kill.js';
import { withHook, withSmallDisk } from '../publish/faults/places.js';
import type { NumberedRequest } from '../publish/faults/requests.js';
import { scenes } from '../publish/faults/scenes.js';
import { createWorld, type World } from '../publish/faults/world.js';

// A few of the points of `npm run test:publish`, which has them all.
let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.end());

describe('a publisher that is stopped', () => {
  test('reaches the points that are tried', async () => {
    const points = await pointsOf(world, scenes.create);
    expect(points.filter((point) => point.startsWith('request'))).toHaveLength(2 * 5);
    expect(points).toEqual(expect.arrayContaining(stops.map(({ point }) => point)));
  });

  const stops = [
    { point: 'mkdtemp 1 ends', how: 'SIGTERM' },
    { point: 'git fetch 1 begins', how: 'SIGTERM' },
    { point: 'request 3 (POST upload-pack) arrives', how: 'SIGKILL of all' },
    { point: 'git fast-import 1 ends', how: 'SIGKILL' },
    { point: 'git push 1 begins', how: 'SIGKILL' },
    { point: 'request 5 (POST receive-pack) arrives', how: 'SIGTERM' },
    { point: 'request 5 (POST receive-pack) is done', how: 'SIGKILL of all' },
    { point: 'rm 1 begins', how: 'SIGTERM' },
  ] as const;
  test.each(stops)('by $how at: $point: the next run finishes the work', async (at) => {
    await expect(stopAndFinish(world, scenes.create, { at })).resolves.toBeUndefined();
  });

  test('in the queue', async () => {
    const at = { point: 'git push 2 ends', how: 'SIGKILL of all' } as const;
    await expect(stopAndFinish(world, scenes.twoByQueue, { at })).resolves.toBeUndefined();
  });
});

test('a git that prints for ever is ended, and takes no longer than three times the patience', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'endless-git-'));
  await writeFile(join(folder, 'git'), '#!/bin/sh\nwhile :; do echo x >&2; sleep 0.05; done\n');
  await chmod(join(folder, 'git'), 0o755);
  const repository = openGitRepository({
    ...{ url: 'https://git.example.com/gitops.git', branch: 'main', patienceMs: 200 },
    environment: { PATH: `${folder}:${process.env['PATH']}` },
    identity: { name: 'Bivouac', email: 'bivouac@example.com' },
  });
  await expect(repository.read([])).rejects.toMatchObject({ code: 'RemoteUnavailable', changed: 'nothing' });
  await repository.close();
  await rm(folder, { recursive: true });
});

describe('a server that misbehaves', () => {
  const at =
    (when: (request: NumberedRequest) => boolean, fault: Fault): NonNullable<Hostility['fault']> =>
    (request) =>
      when(request) ? fault : undefined;
  const busy: Fault = { kind: 'status', status: 429, when: 'before', headers: { 'retry-after': '1' } };
  const { create } = scenes;

  const hostilities: readonly Hostility[] = [
    {
      ...{ name: 'half of the pack, once', scene: create, ends: 'published' },
      fault: at(({ number }) => number === 3, { kind: 'truncate' }),
    },
    {
      ...{ name: 'the answer to every push is lost', scene: create, ends: 'published' },
      fault: at(({ number }) => number === 5, { kind: 'reset', when: 'after' }),
    },
    {
      ...{ name: '429 for good', scene: create, ends: { exit: 5, code: 'RemoteUnavailable', changed: 'nothing' } },
      fault: at(() => true, busy),
    },
    {
      ...{ name: 'the host goes away before the push', scene: create },
      ends: { exit: 5, code: 'RemoteUnavailable', changed: 'unknown' },
      fault: at(({ number }) => number >= 4, { kind: 'reset', when: 'before' }),
    },
    {
      ...{ name: 'silence', scene: create, patienceMs: 1_000, withinMs: 15_000 },
      ends: { exit: 5, code: 'RemoteUnavailable', changed: 'nothing' },
      fault: at(() => true, { kind: 'hang' }),
    },
    {
      ...{ name: 'a byte now and then', scene: create, patienceMs: 1_000, withinMs: 15_000 },
      ends: { exit: 5, code: 'RemoteUnavailable', changed: 'nothing' },
      fault: at(({ number }) => number >= 3, { kind: 'drip' }),
    },
    {
      ...{ name: 'a hook refuses', scene: create, ends: { exit: 4, code: 'PushDeclined', changed: 'nothing' } },
      prepare: withHook('pre-receive', 'echo no; exit 1'),
    },
    {
      ...{ name: 'our disk is full', scene: create, ends: { exit: 5, code: 'DiskFull', changed: 'nothing' } },
      prepare: withSmallDisk(8 * 1024),
    },
  ];
  test.each(hostilities)('$name', async (hostility) => {
    const ended = await withstand(world, hostility);
    const skipped = ended === undefined ? [] : [hostility.name];
    if (skipped.length > 0) console.warn(`${hostility.name}: ${JSON.stringify(ended)}`);
    expect(['our disk is full']).toEqual(expect.arrayContaining(skipped)); // not every machine lets it be tried
  });
});
