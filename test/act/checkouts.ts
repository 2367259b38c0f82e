import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bivouac } from '../cli/harness.js';
import { runGit } from '../git/run.js';

export const root = join(import.meta.dirname, '..', '..');

/** What a runner downloads: what is committed, hence nothing that was installed or built. */
export const downloadAction = async (folder: string): Promise<void> => {
  for (const part of ['action.yml', 'action', 'package.json', 'bivouac.yaml', 'charts', 'src/model'])
    await cp(join(root, part), join(folder, part), { recursive: true });
  await commitAll(folder, 'https://github.com/acme/bivouac.git');
};

/** Application, charts and configuration in one repository, its charts built, so that `npm ci` has nothing to install. Gives its commit. */
export const makeCheckout = async (folder: string, configure: (sample: string) => string): Promise<string> => {
  await cp(join(root, 'charts/shop.ts'), join(folder, 'charts/shop.ts'));
  const sample = await readFile(join(root, 'bivouac.yaml'), 'utf8');
  await writeFile(join(folder, 'bivouac.yaml'), configure(sample));
  const built = await bivouac(['build'], { cwd: folder });
  if (built.code !== 0) throw new Error(built.stderr);
  const shop = { name: 'shop', version: '1.0.0', private: true };
  await writeFile(join(folder, 'package.json'), JSON.stringify(shop));
  const lock = { ...shop, lockfileVersion: 3, requires: true, packages: { '': { name: 'shop', version: '1.0.0' } } };
  await writeFile(join(folder, 'package-lock.json'), JSON.stringify(lock));
  await mkdir(join(folder, '.github'), { recursive: true });
  await cp(join(root, 'templates/github-actions'), join(folder, '.github/workflows'), { recursive: true });
  return commitAll(folder, 'https://github.com/acme/shop.git');
};

/** Gives the commit. */
export const commitAll = async (folder: string, remote: string): Promise<string> => {
  await runGit(folder, ['init', '--quiet', '--initial-branch=main']);
  await runGit(folder, ['remote', 'add', 'origin', remote]);
  await runGit(folder, ['add', '--all']);
  const identity = ['-c', 'user.name=octocat', '-c', 'user.email=octocat@example.com'];
  await runGit(folder, [...identity, 'commit', '--quiet', '--message', 'A checkout']);
  return runGit(folder, ['rev-parse', 'HEAD']);
};
