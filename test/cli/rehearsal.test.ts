import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bivouac, type Ended } from './harness.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bivouac-trial-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
const run = (...args: readonly string[]): Promise<Ended> => bivouac(args, { cwd: folder });

test('a trial remembers labels from one command to the next, as a code host would', async () => {
  await run('up', '--pull-request', '42', '--with', 'mailer');
  const same = await run('diff', 'shop/pr-42', '--exit-code');
  expect({ code: same.code, stdout: same.stdout }).toEqual({
    code: 0,
    stdout: 'no differences between shop/pr-42 and git\n',
  });

  expect((await run('up', '--pull-request', '42', '--without', 'mailer')).stdout).toContain('SelectionChanged');
  expect((await run('down', 'shop/pr-42', '--yes')).stdout).toContain('Removed  Off');
  expect((await run('explain', 'shop/pr-42')).stdout).toContain('Ignored (Off)');
  expect((await run('up', '--pull-request', '42')).stdout).toContain('Created  Opened');
});
