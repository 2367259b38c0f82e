import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isBivouacError, userError } from '../model/errors.js';
import type { FileTree } from '../model/manifest.js';
import { parseRecord } from '../synth/record.js';
import { unknownId } from './imagined.js';

const recordFile = 'environment.json';
/** What an environment has whatever its chart is. */
const always: readonly string[] = [
  recordFile,
  'README.md',
  'manifests/namespace.yaml',
  'manifests/frame.yaml',
  'manifests/',
];

/**
 * Makes the folder hold these files and no others.
 * @throws UserError ForeignDirectory: something lies there that no rendering of ours has left, and nothing was touched; OutputNotWritten
 */
export async function writeDirectory(directory: string, files: FileTree): Promise<void> {
  try {
    await assertOwn(directory);
    await rm(join(directory, 'manifests'), { recursive: true, force: true }); // what is no longer rendered must not stay
    // the record first: what a broken-off run leaves is known as ours
    const record = files.get(recordFile);
    for (const [path, text] of [...(record === undefined ? [] : [[recordFile, record] as const]), ...files]) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), text);
    }
  } catch (error) {
    throw isBivouacError(error) ? error : notWritten(directory, error as Error);
  }
}

async function assertOwn(directory: string): Promise<void> {
  const there = await filesIn(directory);
  if (there.length === 0) return;
  const record = there.includes(recordFile) ? await readFile(join(directory, recordFile), 'utf8') : undefined;
  if (record === undefined) throw foreign(directory, `${there[0]} is there, and no ${recordFile} of Bivouac’s`);
  const read = parseRecord(record.replace(`"repositoryId": "${unknownId}"`, '"repositoryId": "1"'));
  if (read.kind !== 'record') throw foreign(directory, `its ${recordFile} isn’t Bivouac’s`);
  const own = new Set([...always, ...read.record.components.map((name) => `manifests/${name}.yaml`)]);
  const other = there.find((path) => !own.has(path));
  if (other !== undefined) throw foreign(directory, `${other} is not of the environment that was written there`);
}

/** Files and empty folders, sorted; a link, wherever it leads, is a file here. Of a folder that isn’t there: none. */
async function filesIn(directory: string, below = ''): Promise<readonly string[]> {
  const entries = await readdir(join(directory, below), { withFileTypes: true }).catch((error: unknown) => {
    if (below === '' && (error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  if (entries.length === 0) return below === '' ? [] : [`${below}/`];
  const found = entries.map((entry) => {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    return entry.isDirectory() && path === 'manifests' ? filesIn(directory, path) : Promise.resolve([path]);
  });
  return (await Promise.all(found)).flat().sort();
}

const foreign = (directory: string, why: string) =>
  userError('ForeignDirectory', `${directory} holds what isn’t Bivouac’s: ${why}`, {
    where: '--output-dir',
    remedy: 'Give a folder that is empty, new, or was written by render before and holds nothing else.',
  });

const notWritten = (directory: string, { message }: Error) =>
  userError('OutputNotWritten', `${directory} can’t be written: ${message}`, {
    where: '--output-dir',
    changed: 'maybe some of its files',
    remedy: 'Give a folder that can be written.',
  });
