import { BivouacError } from '../../model/errors.js';
import { applicationName, environmentName, type EnvironmentId } from '../../model/names.js';

/** One line of `ls-tree -z`. */
export interface ListedEntry {
  readonly mode: string;
  readonly id: string;
  readonly path: string;
}

const line = /^(\d{6}) [a-z]+ ([0-9a-f]{40})\t(.+)$/s;

/** Reads the output of `ls-tree -z`. */
export const parseTree = (output: string): readonly ListedEntry[] =>
  output.split('\0').flatMap((text) => {
    const [, mode, id, path] = line.exec(text) ?? [];
    return mode === undefined || id === undefined || path === undefined ? [] : [{ mode, id, path }];
  });

/** One line of a tree object. */
export interface TreeEntry {
  /** Six digits. */
  readonly mode: string;
  readonly id: string;
  /** Bytes as Latin-1: foreign names need not be UTF-8. */
  readonly name: string;
}

/** Reads a tree object. Cut out of two strings: a call for each entry costs more than git itself where there are ten thousand. */
export const readTree = (content: Buffer): readonly TreeEntry[] => {
  const text = content.toString('latin1');
  const hex = content.toString('hex');
  const entries: TreeEntry[] = [];
  for (let at = 0; at < text.length;) {
    const space = text.indexOf(' ', at);
    const end = text.indexOf('\0', space);
    const next = end + 1 + idBytes;
    const mode = text.slice(at, space).padStart(6, '0');
    entries.push({ mode, name: text.slice(space + 1, end), id: hex.slice(2 * (end + 1), 2 * next) });
    at = next;
  }
  return entries;
};

/** SHA-1. */
const idBytes = 20;

export const directoryMode = '040000';
export const fileMode = '100644';
const foreignModes: Readonly<Record<string, string>> = {
  '120000': 'a symbolic link',
  '160000': 'a submodule',
  '100644': 'a file',
  '100755': 'a file',
};

/** What lies where. */
export interface Placed {
  readonly mode: string;
  readonly path: string;
}

/** @throws PolicyError ForeignEntry unless the entry is a directory */
export const expectDirectory = ({ mode, path }: Placed): void => {
  if (mode !== directoryMode) throw foreign({ mode, path }, 'a directory');
};

/** @throws PolicyError ForeignEntry for a link or a submodule */
export const expectFile = ({ mode, path }: Placed): void => {
  if (mode === '120000' || mode === '160000') throw foreign({ mode, path }, 'a file');
};

const foreign = ({ mode, path }: Placed, expected: string): BivouacError =>
  new BivouacError({
    class: 'PolicyError',
    code: 'ForeignEntry',
    message: `${path} is ${foreignModes[mode] ?? 'something else'} (mode ${mode}) where Bivouac expects ${expected}`,
    where: path,
    remedy: 'Look who put it into the GitOps repository, and remove it; Bivouac doesn’t write through it or over it.',
    data: { mode, path },
  });

/** Undefined: not an environment's names (foreign directories are left alone). */
export const idOf = (application: string, environment: string): EnvironmentId | undefined => {
  try {
    return { application: applicationName(application), environment: environmentName(environment) };
  } catch {
    return undefined;
  }
};
