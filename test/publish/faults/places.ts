import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { addCommit } from '../../git/fixture.js';
import { runGit } from '../../git/run.js';
import type { Stage } from './world.js';

const execute = promisify(execFile);

/** Does something to a stage, and gives what takes it away again. */
export type Prepare = (stage: Stage) => Promise<() => Promise<void>>;

/** This machine doesn't let it be tried. */
export class NotHere extends Error {
  override readonly name = 'NotHere';
}

/** A hook of the server's own. */
export const withHook =
  (name: 'pre-receive' | 'update', script: string): Prepare =>
  async ({ directory }) => {
    const file = join(directory, 'hooks', name);
    await mkdir(join(directory, 'hooks'), { recursive: true });
    await writeFile(file, `#!/bin/sh\n${script}\n`);
    await chmod(file, 0o755);
    return () => rm(file);
  };

/** What somebody who died in the middle left behind. */
export const withLock: Prepare = async ({ directory }) => {
  const file = join(directory, 'refs', 'heads', 'main.lock');
  await mkdir(join(directory, 'refs', 'heads'), { recursive: true });
  await writeFile(file, '');
  return () => rm(file);
};

const mount = async (directory: string, bytes: number): Promise<() => Promise<void>> => {
  try {
    await execute('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=700`, 'none', directory]);
  } catch {
    throw new NotHere('no disk of a few kilobytes can be mounted here');
  }
  return async () => void (await execute('umount', [directory]));
};

/** Temporary repositories lie on a disk of so many bytes. */
export const withSmallDisk =
  (bytes: number): Prepare =>
  ({ temporary }) =>
    mount(temporary, bytes);

/** The server has room for nothing more than it holds. */
export const withFullServer: Prepare = async ({ directory }) => {
  const objects = join(directory, 'objects');
  const copy = join(directory, 'objects-before');
  await cp(objects, copy, { recursive: true });
  const { stdout } = await execute('du', ['-s', '--block-size=1', copy]);
  const unmount = await mount(objects, Number(stdout.split('\t')[0]) + 4096);
  await cp(copy, objects, { recursive: true });
  await rm(copy, { recursive: true });
  return unmount;
};

/** A commit that will be taken back. */
export const withAnotherCommit: Prepare = async ({ directory }) => {
  await addCommit(directory, { entries: { 'environments/app-1/pr-1/README.md': 'bad\n' } });
  return () => Promise.resolve();
};

/** Somebody takes the last commit back. */
export const rewind = async (directory: string): Promise<void> => {
  await runGit(directory, ['update-ref', 'refs/heads/main', 'refs/heads/main~1']);
};
