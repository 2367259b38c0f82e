import { BivouacError } from '../../model/errors.js';
import { applicationName, environmentName, type EnvironmentId } from '../../model/names.js';

/** One line of `ls-tree -z`. */
export interface TreeEntry {
  readonly mode: string;
  readonly id: string;
  readonly path: string;
}

const line = /^(\d{6}) [a-z]+ ([0-9a-f]{40})\t(.+)$/s;

/** Reads the output of `ls-tree -z`. */
export const parseTree = (output: string): readonly TreeEntry[] =>
  output.split('\0').flatMap((text) => {
    const [, mode, id, path] = line.exec(text) ?? [];
    return mode === undefined || id === undefined || path === undefined ? [] : [{ mode, id, path }];
  });

export const directoryMode = '040000';
export const fileMode = '100644';
const foreignModes: Readonly<Record<string, string>> = {
  '120000': 'a symbolic link',
  '160000': 'a submodule',
  '100644': 'a file',
  '100755': 'a file',
};

/** @throws PolicyError ForeignEntry unless the entry is a directory */
export const expectDirectory = ({ mode, path }: Pick<TreeEntry, 'mode' | 'path'>): void => {
  if (mode !== directoryMode) throw foreign({ mode, path }, 'a directory');
};

/** @throws PolicyError ForeignEntry for a link or a submodule */
export const expectFile = ({ mode, path }: Pick<TreeEntry, 'mode' | 'path'>): void => {
  if (mode === '120000' || mode === '160000') throw foreign({ mode, path }, 'a file');
};

const foreign = ({ mode, path }: Pick<TreeEntry, 'mode' | 'path'>, expected: string): BivouacError =>
  new BivouacError({
    class: 'PolicyError',
    code: 'ForeignEntry',
    message: `${path} is ${foreignModes[mode] ?? 'something else'} (mode ${mode}) where Bivouac expects ${expected}`,
    where: path,
    remedy: 'Look who put it into the GitOps repository, and remove it; Bivouac doesn’t write through it or over it.',
    data: { mode, path },
  });

/** `environments/shop/pr-42`; undefined for what isn't an environment's path (foreign directories are left alone). */
export const idOf = (path: string): EnvironmentId | undefined => {
  const [root, application, environment, ...rest] = path.split('/');
  if (root !== 'environments' || application === undefined || environment === undefined || rest.length > 0)
    return undefined;
  try {
    return { application: applicationName(application), environment: environmentName(environment) };
  } catch {
    return undefined;
  }
};

export const depthOf = (path: string): number => path.split('/').length;
