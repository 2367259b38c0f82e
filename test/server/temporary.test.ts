import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseRemote } from '../../src/gitops/git/remote.js';
import {
  createTemporary,
  removeTemporary,
  sweepTemporaries,
  touchTemporaries,
} from '../../src/gitops/git/temporary.js';

const remote = parseRemote('/srv/gitops.git');
const past = new Date(Date.now() - 2 * 86_400_000);

/** A sweep that looks at this directory first: it begins after the name of its own. */
const sweepAt = async (directory: string): Promise<void> => {
  const besides = directory.slice(0, -1);
  await mkdir(besides);
  await sweepTemporaries(besides);
  await rm(besides, { recursive: true });
};

describe('temporary repositories', () => {
  test('one that this process uses is never swept, however long nothing happened in it', async () => {
    const directory = await createTemporary(remote, 1000);
    await utimes(directory, past, past);
    await sweepAt(directory);
    expect(existsSync(directory)).toBe(true);
    await removeTemporary(directory);
    expect(existsSync(directory)).toBe(false);
  });

  test('one that nobody here uses is, a day later', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'bivouac-git-'));
    await utimes(directory, past, past);
    await sweepAt(directory);
    expect(existsSync(directory)).toBe(false);
  });

  test('for other processes, those in use can be made to look young', async () => {
    const directory = await createTemporary(remote, 1000);
    await utimes(directory, past, past);
    const now = new Date();
    await touchTemporaries(now);
    expect((await stat(directory)).mtimeMs).toBeCloseTo(now.getTime(), -1);
    await removeTemporary(directory);
    await touchTemporaries(now);
    expect(existsSync(directory)).toBe(false);
  });
});
