import { BivouacError } from '../../model/errors.js';
import { directoryOf } from '../../model/names.js';
import type { Change } from '../port.js';
import { fluxFileOf, type Imported } from './fast-import.js';
import type { Predicted } from './predict.js';
import { expectDirectory, expectFile } from './tree.js';

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
export const checkPlaces = (changes: readonly Pick<Change, 'id' | 'flux'>[], imported: readonly Imported[]): void => {
  imported.forEach(({ before }, index) => {
    const places = before.flatMap(({ path, mode }) => (mode === undefined ? [] : [{ path, mode }]));
    places.filter(({ path }) => path.startsWith('environments')).forEach(expectDirectory);
    if (changes[index]?.flux === undefined) return;
    const flux = fluxFileOf(changes[index]);
    places.filter(({ path }) => path.startsWith('flux') && path !== flux).forEach(expectDirectory);
    places.filter(({ path }) => path === flux).forEach(expectFile);
  });
};

/**
 * Git came to just the ids that were worked out without it: the directory holds the intended files and nothing else, and nothing
 * besides it differs from the base. @throws InternalError TreeMismatch
 */
export const checkResult = (
  changes: readonly Change[],
  imported: readonly Imported[],
  predicted: readonly Predicted[],
): void => {
  changes.forEach(({ id }, index) => {
    const [directory, flux] = imported[index]?.after ?? [];
    const expected = predicted[index];
    if (directory?.id !== expected?.directory) throw mismatch(`${directoryOf(id)} would not hold the intended files`);
    if (flux?.mode !== undefined && flux.id !== expected?.flux)
      throw mismatch(`${flux.path} would not be the intended file`);
    if (imported[index]?.commit !== expected?.commit)
      throw mismatch(`something besides ${directoryOf(id)} would change`);
  });
};

const mismatch = (what: string): BivouacError =>
  new BivouacError({ class: 'InternalError', code: 'TreeMismatch', message: `stopped before the push: ${what}` });
