import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { userError } from '../model/errors.js';
import type { Config } from './config.js';
import { parseConfig } from './parse.js';

export { parseConfig } from './parse.js';

/** Looked for in this order, in each directory. */
export const configNames: readonly string[] = ['bivouac.yaml', 'bivouac.yml', 'bivouac.json'];

/**
 * The configuration file: the explicit one, else the nearest on the way up to the Git root (or the disk's, outside of Git).
 * @throws UserError ConfigNotFound when the explicit one isn't there
 */
export const findConfig = (cwd: string, explicit?: string): string | undefined => {
  if (explicit !== undefined) {
    const file = resolve(cwd, explicit);
    if (existsSync(file)) return file;
    throw userError('ConfigNotFound', `There is no file ${JSON.stringify(explicit)}.`, {
      where: '--config',
      remedy: 'Give the path of a bivouac.yaml, or leave the flag away to have it looked for.',
    });
  }
  for (let directory = resolve(cwd); ; directory = dirname(directory)) {
    const found = configNames.map((name) => join(directory, name)).find((file) => existsSync(file));
    if (found !== undefined) return found;
    // in a work tree of `git worktree` .git is a file
    if (existsSync(join(directory, '.git')) || dirname(directory) === directory) return undefined;
  }
};

/** Reads a configuration. @throws UserError ConfigNotFound, InvalidConfig (every problem at once, `data.issues`) */
export const loadConfig = (file: string): Config => {
  const text = readText(file);
  if (text === undefined)
    throw userError('ConfigNotFound', `The configuration ${JSON.stringify(file)} can’t be read.`, {
      where: file,
      remedy: 'Check that it is a file and that you may read it.',
    });
  return parseConfig(text, { file, directory: dirname(resolve(file)), readFrame: readText });
};

const readText = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
};
