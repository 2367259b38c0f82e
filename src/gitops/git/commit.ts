import type { CommitSha } from '../../model/pull-request.js';
import type { Base, Change, Commit, CommittedChange } from '../port.js';
import { checkPaths, checkPlaces, checkResult } from './check.js';
import { importStream, readReplies, type Imported, type Stamp } from './fast-import.js';
import type { Session } from './fetch.js';
import { pathsTo } from './list.js';
import { rootOf, type ObjectStore } from './objects.js';
import { predict } from './predict.js';
import { directoryMode } from './tree.js';

/** What building needs of the session. */
export type Workshop = Pick<Session, 'git' | 'objects' | 'held'>;

/** Builds the chain of commits on the base's tip, in the temporary repository. @throws PolicyError, InternalError */
export const buildCommit = async (
  workshop: Workshop,
  base: Base,
  { changes, stamp }: { readonly changes: readonly Change[]; readonly stamp: Stamp },
): Promise<Commit> => {
  checkPaths(changes);
  const on = base.tip === undefined ? {} : { base: base.tip };
  const [first] = await Promise.all([run(workshop, base, { changes, stamp }), loadPlaces(workshop, base, changes)]);
  const real = changes.filter((_, index) => differs(first[index]));
  const kept = real.length === changes.length ? first : await run(workshop, base, { changes: real, stamp });
  const tip = kept.at(-1)?.commit;
  if (tip === undefined) return { ...on, changes: changes.map((change, index) => told(change, first[index])) };

  const predicted = predict(workshop.objects, real, { base: base.tip, stamp });
  checkResult(real, kept, predicted);
  predicted.forEach(({ directory, made }) => {
    workshop.objects.keep(made);
    if (directory !== undefined) workshop.held.add(directory);
  });
  const made = new Map(real.map((change, index) => [change, kept[index]]));
  return { ...on, tip, changes: changes.map((change, index) => told(change, made.get(change) ?? first[index])) };
};

/** The trees that change, as git has them before; mostly they are in memory since the read. */
const loadPlaces = async ({ objects }: Workshop, { tip }: Base, changes: readonly Change[]): Promise<void> => {
  if (tip === undefined || changes.every((change) => isLoaded(objects, tip, change))) return;
  const paths = pathsTo(changes.map(({ id }) => id));
  await objects.load([tip, `${tip}^{tree}`, ...paths.map((path) => `${tip}:${path}`)]);
};

const isLoaded = (objects: ObjectStore, tip: CommitSha, { id }: Change): boolean => {
  if (objects.get(tip) === undefined) return false;
  const root = rootOf(objects, tip);
  return [`environments/${id.application}`, `flux/${id.application}`].every((path) =>
    isPathLoaded(objects, root, path),
  );
};

const isPathLoaded = (objects: ObjectStore, tree: string, path: string): boolean => {
  if (objects.get(tree) === undefined) return false;
  const [head = '', ...rest] = path.split('/');
  const below = objects.tree(tree).find(({ name }) => name === head);
  if (below?.mode !== directoryMode) return true;
  return rest.length === 0 ? objects.get(below.id) !== undefined : isPathLoaded(objects, below.id, rest.join('/'));
};

const run = async (
  { git }: Workshop,
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
export const differs = (imported: Imported | undefined): boolean =>
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
