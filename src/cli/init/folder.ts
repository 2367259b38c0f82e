import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { changesOf, type FileChange, type InitFile } from '../../init/file.js';
import { userError } from '../../model/errors.js';
import type { Presentation } from '../output/presentation.js';
import { presentStarted, type Started } from './presentation.js';

/** Reads what is there, writes what has to change, and says both. */
export async function start(
  folder: string,
  files: readonly InitFile[],
  rest: Omit<Started, 'changes'>,
): Promise<Presentation> {
  const changes = changesOf(files, await existingIn(folder, files));
  if (!rest.dryRun) await writeChanges(folder, changes);
  return presentStarted({ changes, ...rest });
}

/** The texts of those of the files that are there. @throws UserError FolderNotReadable */
async function existingIn(folder: string, files: readonly InitFile[]): Promise<ReadonlyMap<string, string>> {
  const found = await Promise.all(files.map(async ({ path }) => [path, await textOf(join(folder, path))] as const));
  return new Map(found.flatMap(([path, text]) => (text === undefined ? [] : [[path, text] as const])));
}

/** Every text below a folder of the package, by path with slashes. */
export async function textsBelow(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const texts = await Promise.all(
    files.map(
      async (file) => [file.slice(folder.length + 1).replaceAll('\\', '/'), await readFile(file, 'utf8')] as const,
    ),
  );
  return new Map(texts);
}

/** Names of the files in a folder of ours; none where it isn't there. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder).catch(() => [])).sort();
}

export async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw userError('FolderNotReadable', `${file} can’t be read: ${message}`, {
      where: file,
      remedy: 'Give a folder that you may read, or move what is in the way.',
    });
  }
}

/** Writes what is created or updated, and nothing else. @throws UserError OutputNotWritten */
async function writeChanges(folder: string, changes: readonly FileChange[]): Promise<void> {
  for (const { path, kind, after } of changes) {
    if (kind !== 'created' && kind !== 'updated') continue;
    const file = join(folder, path);
    try {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, after);
    } catch (error) {
      throw userError('OutputNotWritten', `${file} can’t be written: ${(error as Error).message}`, {
        where: folder,
        changed: 'maybe some of its files',
        remedy: 'Give a folder that can be written, and run it again: what is there by then stays as it is.',
      });
    }
  }
}
