import { BivouacError } from '../../model/errors.js';
import { directoryOf } from '../../model/names.js';
import type { CommitSha } from '../../model/pull-request.js';
import type { Change } from '../port.js';
import type { Git } from './command.js';
import { fluxFileOf, type Imported } from './fast-import.js';
import { expectDirectory, expectFile, fileMode, parseTree } from './tree.js';

const segment = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** `fast-import` writes `..` and `.git` without a word, so paths are checked here. @throws PolicyError UnsafePath */
export const checkPaths = (changes: readonly Change[]): void => {
  for (const { id, files } of changes) {
    const directory = directoryOf(id);
    const paths = [...files.keys()].map((path) => `${directory}/${path}`);
    const unsafe = [directory, ...paths].find((path) => {
      const segments = path.split('/');
      return segments.length > 6 || !segments.every((each) => segment.test(each) && !each.endsWith('.'));
    });
    if (unsafe !== undefined)
      throw new BivouacError({
        class: 'PolicyError',
        code: 'UnsafePath',
        message: `${JSON.stringify(unsafe.slice(0, 200))} is no path that Bivouac writes`,
        remedy: 'Use letters, digits, dots, dashes and underscores.',
      });
  }
};

/** Nothing on the way is a link, a submodule or a file. @throws PolicyError ForeignEntry */
export const checkPlaces = (changes: readonly Change[], imported: readonly Imported[]): void => {
  imported.forEach(({ before }, index) => {
    const places = before.flatMap(({ path, mode }) => (mode === undefined ? [] : [{ path, mode }]));
    places.filter(({ path }) => path.startsWith('environments')).forEach(expectDirectory);
    if (changes[index]?.flux === undefined) return;
    const flux = fluxFileOf(changes[index]);
    places.filter(({ path }) => path.startsWith('flux') && path !== flux).forEach(expectDirectory);
    places.filter(({ path }) => path === flux).forEach(expectFile);
  });
};

/** The chain differs from its base in the intended places alone, and holds just the intended files. @throws InternalError TreeMismatch */
export const checkResult = async (
  git: Git,
  changes: readonly Change[],
  { base, tip }: { readonly base: CommitSha | undefined; readonly tip: CommitSha },
): Promise<void> => {
  const directories = changes.map(({ id }) => directoryOf(id));
  const places = base === undefined ? [] : directories;
  const [touched, listed] = await Promise.all([
    base === undefined ? [] : changedPaths(git, base, tip),
    git(['ls-tree', '-r', '-z', tip, '--', ...places]).then(parseTree),
  ]);
  const fluxFiles = new Set(changes.map(fluxFileOf));
  const stray = touched.find(
    (path) => !fluxFiles.has(path) && !directories.some((each) => path.startsWith(`${each}/`)),
  );
  if (stray !== undefined) throw mismatch(`${stray} would change, too`);

  const found = listed.map(({ mode, path }) => `${mode} ${path}`);
  const expected = intended(changes, { flux: base === undefined });
  if (found.length !== expected.size || !found.every((line) => expected.has(line)))
    throw mismatch(`the tree holds ${found.find((line) => !expected.has(line)) ?? 'too little'}`);
};

const changedPaths = async (git: Git, base: CommitSha, tip: CommitSha): Promise<readonly string[]> => {
  const output = await git(['diff-tree', '-r', '-z', '--no-renames', '--name-only', base, tip]);
  return output.split('\0').filter((path) => path !== '');
};

const intended = (changes: readonly Change[], { flux }: { readonly flux: boolean }): ReadonlySet<string> => {
  const last = new Map(changes.map((change) => [directoryOf(change.id), change]));
  return new Set(
    [...last].flatMap(([directory, change]) => [
      ...[...change.files.keys()].map((path) => `${fileMode} ${directory}/${path}`),
      ...(flux && change.flux !== undefined ? [`${fileMode} ${fluxFileOf(change)}`] : []),
    ]),
  );
};

const mismatch = (what: string): BivouacError =>
  new BivouacError({ class: 'InternalError', code: 'TreeMismatch', message: `stopped before the push: ${what}` });
