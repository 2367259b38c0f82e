import type { Base, Change, Commit, CommittedChange } from '../port.js';
import { checkPaths, checkPlaces, checkResult } from './check.js';
import type { Git } from './command.js';
import { importStream, readReplies, type Imported, type Stamp } from './fast-import.js';

/** Builds the chain of commits on the base's tip, in the temporary repository. @throws PolicyError, InternalError */
export const buildCommit = async (
  git: Git,
  base: Base,
  { changes, stamp }: { readonly changes: readonly Change[]; readonly stamp: Stamp },
): Promise<Commit> => {
  checkPaths(changes);
  const on = base.tip === undefined ? {} : { base: base.tip };
  const first = await run(git, base, { changes, stamp });
  const real = changes.filter((_, index) => differs(first[index]));
  const kept = real.length === changes.length ? first : await run(git, base, { changes: real, stamp });
  const tip = kept.at(-1)?.commit;
  if (tip === undefined) return { ...on, changes: changes.map((change, index) => told(change, first[index])) };

  await checkResult(git, real, { base: base.tip, tip });
  const made = new Map(real.map((change, index) => [change, kept[index]]));
  return { ...on, tip, changes: changes.map((change, index) => told(change, made.get(change) ?? first[index])) };
};

const run = async (
  git: Git,
  base: Base,
  { changes, stamp }: { readonly changes: readonly Change[]; readonly stamp: Stamp },
): Promise<readonly Imported[]> => {
  if (changes.length === 0) return [];
  const output = await git(['fast-import', '--quiet', '--done', '--force'], {
    input: importStream(base.tip, changes, stamp),
  });
  const imported = readReplies(output, changes);
  checkPlaces(changes, imported);
  return imported;
};

const directoryBefore = 2;
const fluxBefore = 5;

/** Of the directory or of the Flux file. */
const differs = (imported: Imported | undefined): boolean =>
  imported !== undefined &&
  (imported.before[directoryBefore]?.id !== imported.after[0].id ||
    imported.before[fluxBefore]?.id !== imported.after[1].id);

const told = ({ id }: Change, imported: Imported | undefined): CommittedChange => {
  const before = imported?.before[directoryBefore]?.id;
  const after = imported?.after[0].id;
  return {
    id,
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
    ...(imported !== undefined && differs(imported) && { commit: imported.commit }),
  };
};
