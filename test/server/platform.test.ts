import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { refusedError, temporaryError, userError } from '../../src/model/errors.js';
import { platformCheckout } from '../../src/server/checkout.js';
import { jsonLog } from '../../src/server/log.js';
import { keepPlatform, type PlatformSource } from '../../src/server/platform.js';
import { keepWarm } from '../../src/server/warm.js';
import { memoryGitOps } from '../fakes/memory-gitops.js';
import { addCommit } from '../git/fixture.js';
import { type GitServer, startGitServer } from '../git/server.js';
import { realClock } from '../gitops/support.js';

const clock = realClock();
const logTo = (lines: string[]) =>
  jsonLog({ clock, write: (line) => lines.push((JSON.parse(line) as { event: string }).event), clean: (text) => text });

describe('a platform repository', () => {
  let git: GitServer;
  beforeAll(async () => {
    git = await startGitServer();
    await git.create({ files: { 'bivouac.yaml': 'one', 'charts/shop.ts': 'a chart' } });
  });
  afterAll(() => git.stop());
  const commit = (text: string) => addCommit(git.directory(), { entries: { 'bivouac.yaml': text } });
  const environment = { PATH: process.env['PATH'] };

  test('a new commit is loaded whole before it is used; a broken one leaves the last good one', async () => {
    const source = await platformCheckout({ url: git.url(), branch: 'main', token: git.token, environment });
    const directories: string[] = [];
    const events: string[] = [];
    const platform = await keepPlatform({
      source,
      load: async (directory) => {
        directories.push(directory);
        const text = await readFile(join(directory, 'bivouac.yaml'), 'utf8');
        if (text === 'broken') throw new Error('it is broken');
        return text;
      },
      log: logTo(events),
    });
    expect(platform.current).toBe('one');
    await platform.refresh();
    expect(directories).toHaveLength(1);

    const broken = await commit('broken');
    await platform.refresh();
    await platform.refresh();
    expect(platform.current).toBe('one');
    expect(platform.state.broken).toEqual({ version: broken, why: 'it is broken' });
    expect(directories).toHaveLength(2);
    expect(directories.map((directory) => existsSync(directory))).toEqual([true, false]);

    const good = await commit('two');
    await platform.refresh();
    expect([platform.current, platform.state]).toEqual(['two', { version: good }]);
    await commit('three');
    await platform.refresh();
    expect(directories.map((directory) => existsSync(directory))).toEqual([false, false, true, true]);

    git.setFault(() => ({ kind: 'status', status: 500, when: 'before' }));
    await platform.refresh();
    expect(platform.current).toBe('three');
    expect(platform.state.unread).toContain('platform repository can’t be read');
    git.setFault(undefined);
    await platform.refresh();
    expect(platform.state.unread).toBeUndefined();
    expect(events).toEqual([
      'platform loaded',
      'platform broken',
      'platform loaded',
      'platform loaded',
      'platform unread',
    ]);
    await source.close();
    expect(directories.some((directory) => existsSync(directory))).toBe(false);
  });

  test('the first one must be right', async () => {
    const options = { url: git.url(), branch: 'main', environment };
    for (const wrong of [{ token: 'wrong' }, { token: git.token, branch: 'none' }]) {
      const source = await platformCheckout({ ...options, ...wrong });
      const load = () => Promise.resolve('');
      await expect(keepPlatform({ source, load, log: logTo([]) })).rejects.toMatchObject({
        code: 'PlatformUnavailable',
      });
      await source.close();
    }
    const source = await platformCheckout({ ...options, token: git.token });
    const load = () => Promise.reject(new Error('no'));
    await expect(keepPlatform({ source, load, log: logTo([]) })).rejects.toThrow('no');
    await source.close();
  });

  test('a version that can’t be laid leaves nothing behind', async () => {
    const source = await platformCheckout({ url: git.url(), branch: 'main', token: git.token, environment });
    const version = await source.newest();
    await expect(source.lay('0'.repeat(40))).rejects.toMatchObject({ code: 'PlatformUnavailable' });
    const place = await source.lay(version);
    expect(await readdir(dirname(place))).toEqual([basename(place)]);
    expect(await readFile(join(place, 'charts/shop.ts'), 'utf8')).toBe('a chart');
    await source.close();
  });
});

describe('a version that fails', () => {
  /** One version after the other, the last one for good. */
  const versions = (...names: readonly string[]): PlatformSource & { readonly removed: string[] } => {
    const left = [...names];
    const removed: string[] = [];
    return {
      removed,
      newest: () => Promise.resolve(left.length > 1 ? left.shift()! : left[0]!),
      lay: (version) => Promise.resolve(`/${version}`),
      remove: (directory) => Promise.resolve(void removed.push(directory)),
    };
  };
  /** Fails so often for this one. */
  const failing = (error: Error, times: number) => {
    let tries = 0;
    return (directory: string): Promise<string> =>
      directory === '/v2' && ++tries <= times ? Promise.reject(error) : Promise.resolve(directory);
  };

  test('for a moment is tried again at the next look, and isn’t broken', async () => {
    const source = versions('v1', 'v2');
    const load = failing(temporaryError('RemoteUnavailable', 'down for a second'), 1);
    const platform = await keepPlatform({ source, load, log: logTo([]) });
    await platform.refresh();
    expect(platform.state).toEqual({ version: 'v1', unread: 'down for a second' });
    expect(source.removed).toEqual(['/v2']);
    await platform.refresh();
    expect([platform.current, platform.state]).toEqual(['/v2', { version: 'v2' }]);
  });

  test('because something was refused is broken, and tried again: a right may be given', async () => {
    const load = failing(refusedError('RemoteUnauthorized', 'no'), 2);
    const platform = await keepPlatform({ source: versions('v1', 'v2'), load, log: logTo([]) });
    await platform.refresh();
    expect(platform.state).toEqual({ version: 'v1', broken: { version: 'v2', why: 'no' } });
    await platform.refresh();
    await platform.refresh();
    expect(platform.state).toEqual({ version: 'v2' });
  });

  test('by a mistake in it is broken, and not tried again', async () => {
    const load = failing(userError('ConfigInvalid', 'a typo'), 1);
    const platform = await keepPlatform({ source: versions('v1', 'v2'), load, log: logTo([]) });
    for (let look = 0; look < 3; look += 1) await platform.refresh();
    expect(platform.state).toEqual({ version: 'v1', broken: { version: 'v2', why: 'a typo' } });
  });

  test('a directory that can’t be removed breaks nothing', async () => {
    const events: string[] = [];
    const platform = await keepPlatform({
      source: { ...versions('v1', 'v2', 'v3'), remove: () => Promise.reject(new Error('EBUSY')) },
      load: (directory) => Promise.resolve(directory),
      log: logTo(events),
    });
    for (let look = 0; look < 3; look += 1) await platform.refresh();
    expect([platform.current, platform.state]).toEqual(['/v3', { version: 'v3' }]);
    expect(events).toContain('platform directory left');
  });
});

describe('a warm repository', () => {
  test('is opened anew after so many commits, or once something went wrong, between pushes alone', async () => {
    const opened: ReturnType<typeof memoryGitOps>[] = [];
    const closed: number[] = [];
    const warm = await keepWarm({
      clock,
      renewAfter: 2,
      open: () => {
        const git = memoryGitOps();
        const index = opened.push(git);
        git.close = () => Promise.resolve(void closed.push(index));
        return Promise.resolve(git);
      },
    });
    const one = async () => {
      await warm.renew();
      const base = await warm.repository.read([]);
      await warm.repository.commit(base, [], new Date());
    };
    await one();
    expect(warm.lastRead.at).toBeInstanceOf(Date);
    opened[0]!.beforeRead = () => {
      throw new Error('disk full');
    };
    await expect(one()).rejects.toThrow('disk full');
    expect(warm.lastRead.failed).toBe('disk full');
    await one();
    expect([opened.length, closed, warm.lastRead.failed]).toEqual([2, [1], undefined]);
    const base = await warm.repository.read([]);
    const change = { id: { application: 'shop', environment: 'pr-1' } as never, files: new Map([['a', 'b']]) };
    await warm.repository.commit(base, [{ ...change, message: { subject: 'a', trailers: [] } }], new Date());
    await one();
    expect(opened).toHaveLength(2);
    await warm.repository.commit(base, [{ ...change, message: { subject: 'b', trailers: [] } }], new Date());
    await one();
    expect([opened.length, closed]).toEqual([3, [1, 2]]);
  });
});
