import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { treeIdOf } from '../../git/fixture.js';
import { runGit } from '../../git/run.js';
import { tree } from '../../gitops/support.js';
import type { Wish } from './job.js';

/** Says what is wrong; the case fails with it. */
export const demand = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(what);
};

/** Tree ids, computed without the publisher; undefined: no such directory. */
export const idOfWish = ({ name, version }: Wish): string | undefined =>
  version === undefined ? undefined : treeIdOf(tree(name, version));

/** As the branch holds them; undefined: no such directory. */
export const treesAt = async (directory: string, wishes: readonly Wish[]): Promise<readonly (string | undefined)[]> => {
  const names = wishes.map(({ name }) => `refs/heads/main:environments/${name}\n`);
  const lines = (await runGit(directory, ['cat-file', '--batch-check=%(objectname)'], names.join(''))).split('\n');
  return lines.map((line) => (/^[0-9a-f]{40}$/.test(line) ? line : undefined));
};

export interface History {
  /** The tip at the beginning; undefined: the branch didn't exist. */
  readonly start: string | undefined;
  readonly wishes: readonly Wish[];
  /** Paths that somebody else changed meanwhile, one commit each. */
  readonly foreign: readonly string[];
}

/** Every change landed once, in a line, and nothing else did; the repository is sound, and nothing waits or is locked. */
export const proveHistory = async (directory: string, { start, wishes, foreign }: History): Promise<void> => {
  const trees = await treesAt(directory, wishes);
  wishes.forEach((wish, index) => demand(trees[index] === idOfWish(wish), `${wish.name} isn’t as it shall be`));

  const range = start === undefined ? 'main' : `${start}..main`;
  const commits = (await runGit(directory, ['rev-list', '--parents', range])).split('\n');
  const expected = wishes.length + foreign.length;
  demand(commits.length === expected, `${commits.length} commits instead of ${expected}`);
  demand(
    commits.every((line) => line.split(' ').length <= 2),
    'a merge',
  );
  if (start !== undefined) await runGit(directory, ['merge-base', '--is-ancestor', start, 'main']);

  const list = start === undefined ? ['ls-tree', '-r', '--name-only', 'main'] : ['diff', '--name-only', start, 'main'];
  const outside = (await runGit(directory, list))
    .split('\n')
    .filter((path) => !foreign.includes(path))
    .filter((path) => !wishes.some(({ name }) => path.startsWith(`environments/${name}/`)));
  demand(outside.length === 0, `changed outside: ${outside.join(', ')}`);

  const broken = await runGit(directory, ['fsck', '--strict', '--no-dangling']);
  demand(broken === '', `fsck: ${broken}`);
  const files = await readdir(directory, { recursive: true });
  const locks = files.filter((path) => path.endsWith('.lock'));
  demand(locks.length === 0, `locks: ${locks.join(', ')}`);
};

/** What waits in the queue. */
export const queueOf = (directory: string): Promise<string> =>
  runGit(directory, ['for-each-ref', '--format=%(refname)', 'refs/bivouac']);

/** Temporary repositories of publishers, with what must never be in them. @returns their paths */
export const proveTemporaries = async (folder: string, secret: string): Promise<readonly string[]> => {
  const found = (await readdir(folder)).map((name) => join(folder, name));
  for (const directory of found) {
    demand(((await stat(directory)).mode & 0o077) === 0, `${directory} can be read by others`);
    const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of entries.filter((each) => each.isFile())) {
      const bytes = await readFile(join(entry.parentPath, entry.name)).catch(() => Buffer.alloc(0));
      const spellings = [secret, Buffer.from(`x-access-token:${secret}`).toString('base64')];
      demand(!spellings.some((each) => bytes.includes(each)), `the token lies in ${entry.name}`);
    }
  }
  return found;
};
