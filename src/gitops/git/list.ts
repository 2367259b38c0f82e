import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { directoryOf, type EnvironmentId } from '../../model/names.js';
import type { CommitSha } from '../../model/pull-request.js';
import { want, type Fetched, type Session } from './fetch.js';
import { entryAt, rootOf, type ObjectStore } from './objects.js';
import { directoryMode, expectDirectory, idOf, type TreeEntry } from './tree.js';

export interface NamedTree {
  readonly id: EnvironmentId;
  readonly tree: string;
}

export interface Listing {
  readonly names: readonly NamedTree[];
  /** Whether every application was listed, or only those asked for. */
  readonly complete: boolean;
}

/** Names of the environments in the tree; those asked for must be directories where they exist. @throws PolicyError ForeignEntry */
export const listEnvironments = async (
  session: Session,
  fetched: Fetched,
  asked: readonly EnvironmentId[],
): Promise<Listing> => {
  const { objects } = session;
  const complete = fetched.rung === 'a' || hasAllTrees(fetched);
  await loadTops(session, fetched, asked);
  if (!complete) await bringApplications(session, fetched, asked);

  const applications = applicationsIn(session, fetched);
  const mine = new Set(asked.map(({ application }) => application as string));
  applications
    .filter(({ name }) => mine.has(name))
    .forEach(({ mode, name }) => expectDirectory({ mode, path: `environments/${name}` }));
  const listed = applications.filter(({ mode, name }) => isApplication(mode, name) && (complete || mine.has(name)));
  await objects.load(listed.map(({ id }) => id));

  const directories = new Set(asked.map(directoryOf));
  const names = listed.flatMap((application) =>
    objects.tree(application.id).flatMap(({ mode, name, id: tree }) => {
      const path = `environments/${application.name}/${name}`;
      if (directories.has(path)) expectDirectory({ mode, path });
      const id = mode === directoryMode ? idOf(application.name, name) : undefined;
      return id === undefined ? [] : [{ id, tree }];
    }),
  );
  return { names, complete };
};

const hasAllTrees = ({ rung }: Fetched): boolean => rung === 'c' || rung === 'e';

/** Of packs: a hundred thousand names take less; and those of many reads, of which most is known, aren't read again and again. */
const smallBytes = { first: 4_000_000, later: 500_000 } as const;

/**
 * Whether all that was brought may be read into memory, in one process. The files tell, not the rung: a host without filters sends
 * everything without a word.
 */
export const isSmall = async ({ reads, directory }: Session, fetched: Fetched): Promise<boolean> => {
  if (hasAllTrees(fetched)) return false;
  const packs = join(directory, 'objects', 'pack');
  const sizes = await Promise.all((await readdir(packs)).map(async (file) => (await stat(join(packs, file))).size));
  return sizes.reduce((sum, size) => sum + size, 0) < (reads === 1 ? smallBytes.first : smallBytes.later);
};

const loadTops = async (session: Session, fetched: Fetched, asked: readonly EnvironmentId[]): Promise<void> => {
  const { objects } = session;
  if (hasTops(objects, fetched.tip)) return;
  if (await isSmall(session, fetched)) return objects.loadAll();
  return objects.load([
    fetched.tip,
    `${fetched.tip}^{tree}`,
    ...pathsTo(asked).map((path) => `${fetched.tip}:${path}`),
  ]);
};

/** The tip is as it was, or is ours. */
const hasTops = (objects: ObjectStore, tip: CommitSha): boolean => {
  if (objects.get(tip) === undefined) return false;
  const root = rootOf(objects, tip);
  if (objects.get(root) === undefined) return false;
  const top = entryAt(objects, root, 'environments');
  return top?.mode !== directoryMode || objects.get(top.id) !== undefined;
};

/** Trees on the way to environments, and those that one usually has. */
export const pathsTo = (ids: readonly EnvironmentId[]): readonly string[] => [
  'environments',
  'flux',
  ...ids.flatMap((id) => [
    `environments/${id.application}`,
    `flux/${id.application}`,
    directoryOf(id),
    `${directoryOf(id)}/manifests`,
  ]),
];

const applicationsIn = ({ objects }: Session, { tip }: Fetched): readonly TreeEntry[] => {
  const top = entryAt(objects, rootOf(objects, tip), 'environments');
  if (top === undefined) return [];
  expectDirectory({ mode: top.mode, path: 'environments' });
  return objects.tree(top.id);
};

const isApplication = (mode: string, name: string): boolean => mode === directoryMode && idOf(name, 'x') !== undefined;

/** Rungs b and d bring no application's listing: these are wanted by id, with those of `flux/` beside them. */
const bringApplications = async (
  session: Session,
  { tip, rung }: Fetched,
  asked: readonly EnvironmentId[],
): Promise<void> => {
  const { objects } = session;
  const root = rootOf(objects, tip);
  if (rung === 'd') await bring(session, [root]);
  const tops = objects.tree(root).filter(({ mode, name }) => mode === directoryMode && isTop(name));
  if (rung === 'd') await bring(session, idsOf(tops));
  const mine = new Set(asked.map(({ application }) => application as string));
  const below = tops.flatMap(({ id }) => objects.tree(id));
  await bring(session, idsOf(below.filter(({ mode, name }) => mode === directoryMode && mine.has(name))));
};

const isTop = (name: string): boolean => name === 'environments' || name === 'flux';

const idsOf = (entries: readonly TreeEntry[]): readonly string[] => entries.map(({ id }) => id);

const bring = async (session: Session, ids: readonly string[]): Promise<void> => {
  const { objects } = session;
  await want(
    session,
    ids.filter((id) => objects.get(id) === undefined),
    '--filter=tree:0',
  );
  await objects.load(ids);
};
