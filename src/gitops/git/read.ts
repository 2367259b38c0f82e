import { directoryOf, printId, sameId, type EnvironmentId } from '../../model/names.js';
import type { Base, StoredEnvironment } from '../port.js';
import { fetchBase, want, type Fetched, type Session } from './fetch.js';
import { isSmall, listEnvironments, type NamedTree } from './list.js';
import { notSent, type ObjectStore } from './objects.js';
import { asQueued, queuePatternsOf } from './refs.js';
import { directoryMode, expectFile, type TreeEntry } from './tree.js';

/** Of a branch, or a repository, that doesn't exist yet. */
export const emptyBase: Base = { names: [], complete: true, environments: new Map() };

/** The tip, the names, and all files of the environments asked for. */
export const readSlice = async (session: Session, ids: readonly EnvironmentId[]): Promise<Base> => {
  const fetched = await fetchBase(session, { purpose: 'slice', queued: queuePatternsOf(ids) });
  if (fetched === undefined) return emptyBase;
  const { names, complete } = await listEnvironments(session, fetched, ids);
  const wanted = names.filter(({ id }) => ids.some((each) => sameId(each, id)));
  await bringEnvironments(session, fetched, wanted);
  const environments = wanted.map((each) => [printId(each.id), environmentOf(session.objects, each)] as const);
  const queued = fetched.entries.filter(({ id }) => ids.some((each) => sameId(each, id))).map(asQueued);
  return {
    tip: fetched.tip,
    names: names.map(({ id }) => id),
    complete,
    environments: new Map(environments),
    ...(queued.length > 0 && { queued }),
  };
};

/** A tree that isn't here comes with its files; of one that is here they are wanted by id, since a want of it would send no request. */
const bringEnvironments = async (session: Session, fetched: Fetched, wanted: readonly NamedTree[]): Promise<void> => {
  const { objects, held } = session;
  const trees = wanted.map(({ tree }) => tree);
  const small = await isSmall(session, fetched);
  if (!small) await objects.load(trees); // else all that is here is in memory

  const absent = trees.filter((tree) => objects.get(tree) === undefined);
  await want(session, absent, '--no-filter');
  if (small && absent.length > 0) await objects.loadAll();
  else await objects.load(absent);

  const files = (await filesBelow(objects, wanted)).filter(({ id }) => objects.get(id) === undefined);
  const here = new Set(wanted.filter(({ tree }) => held.has(tree) || absent.includes(tree)).map(({ tree }) => tree));
  if (fetched.rung !== 'e')
    await want(session, idsOf(files.filter(({ tree }) => !here.has(tree))), '--filter=blob:none');
  await objects.load(idsOf(files));
  trees.forEach((tree) => held.add(tree));
};

interface FileBelow {
  readonly tree: string;
  readonly id: string;
}

/** Level by level, each in one process at most. @throws PolicyError ForeignEntry */
const filesBelow = async (objects: ObjectStore, wanted: readonly NamedTree[]): Promise<readonly FileBelow[]> => {
  const files: FileBelow[] = [];
  let level = wanted.map(({ id, tree }) => ({ tree, id: tree, path: directoryOf(id) }));
  while (level.length > 0) {
    await objects.load(idsOf(level));
    const below = level.flatMap(({ tree, id, path }) =>
      objects.tree(id).map((entry) => ({ tree, id: entry.id, mode: entry.mode, path: `${path}/${entry.name}` })),
    );
    below.forEach(expectFile);
    files.push(...below.filter(({ mode }) => mode !== directoryMode));
    level = below.filter(({ mode }) => mode === directoryMode);
  }
  return files;
};

const idsOf = (found: readonly { readonly id: string }[]): readonly string[] => found.map(({ id }) => id);

const environmentOf = (objects: ObjectStore, { id, tree }: NamedTree): StoredEnvironment => {
  const collect = (from: string, prefix: string): readonly (readonly [string, string])[] =>
    objects
      .tree(from)
      .flatMap(({ mode, name, id: below }) =>
        mode === directoryMode
          ? collect(below, `${prefix}${name}/`)
          : [[`${prefix}${name}`, textOf(objects, below) ?? missing(`${directoryOf(id)}/${prefix}${name}`)] as const],
      );
  return { id, tree, files: new Map(collect(tree, '')) };
};

const textOf = (objects: ObjectStore, id: string): string | undefined => objects.get(id)?.content.toString('utf8');

const missing = (path: string): never => {
  throw notSent(path);
};

const recordFiles = ['environment.json', 'README.md'] as const;

/** Every record and README. */
export const readRecords = async (session: Session): Promise<Base> => {
  const { objects } = session;
  const fetched = await fetchBase(session, { purpose: 'records' });
  if (fetched === undefined) return emptyBase;
  const { names } = await listEnvironments(session, { ...fetched, rung: 'c' }, []); // all trees are here
  await objects.load(names.map(({ tree }) => tree));
  const entriesOf = ({ tree }: NamedTree): readonly TreeEntry[] => {
    const files = objects.tree(tree).filter(({ mode }) => mode.startsWith('100'));
    return recordFiles.flatMap((file) => files.filter(({ name }) => name === file));
  };
  const ids = idsOf(names.flatMap(entriesOf));
  if (fetched.rung === 'c' || fetched.rung === 'd') await want(session, ids, '--filter=blob:none');
  await objects.load(ids);

  const environments = names.map((each) => {
    const files = entriesOf(each).flatMap(({ name, id }) => {
      const text = textOf(objects, id);
      return text === undefined ? [] : [[name, text] as const];
    });
    return [printId(each.id), { ...each, files: new Map(files) }] as const;
  });
  return { tip: fetched.tip, names: names.map(({ id }) => id), complete: true, environments: new Map(environments) };
};
