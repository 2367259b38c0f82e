import { temporaryError } from '../../model/errors.js';
import { directoryOf, printId, sameId, type EnvironmentId } from '../../model/names.js';
import type { Base, StoredEnvironment } from '../port.js';
import { fetchBase, want, type Fetched, type Session } from './fetch.js';
import { listEnvironments, listTree, type NamedTree } from './list.js';
import { presentObjects, readBlobs } from './objects.js';
import { expectFile, type TreeEntry } from './tree.js';

const emptyBase: Base = { names: [], complete: true, environments: new Map() };

/** The tip, the names, and all files of the environments asked for. */
export const readSlice = async (session: Session, ids: readonly EnvironmentId[]): Promise<Base> => {
  const fetched = await fetchBase(session, 'slice');
  if (fetched === undefined) return emptyBase;
  const { names, complete } = await listEnvironments(session, fetched, ids);
  const wanted = names.filter(({ id }) => ids.some((each) => sameId(each, id)));
  const environments = await readEnvironments(session, fetched, wanted);
  return { tip: fetched.tip, names: names.map(({ id }) => id), complete, environments };
};

const readEnvironments = async (session: Session, fetched: Fetched, wanted: readonly NamedTree[]) => {
  if (wanted.length === 0) return new Map<string, StoredEnvironment>();
  const missing = wanted.filter(({ tree }) => !session.held.has(tree));
  const listed = await withTreesHere(session, fetched, missing);
  await want(
    session,
    missing.filter((each) => !listed.has(each.tree)).map(({ tree }) => tree),
    '--no-filter',
  );

  const entries = await listTree(session, ['-r', fetched.tip, '--', ...wanted.map(({ id }) => directoryOf(id))]);
  entries.forEach(expectFile);
  const directories = missing.filter(({ tree }) => listed.has(tree)).map(({ id }) => `${directoryOf(id)}/`);
  if (fetched.rung !== 'e') {
    const blobs = entries.filter(({ path }) => directories.some((directory) => path.startsWith(directory)));
    await want(
      session,
      blobs.map(({ id }) => id),
      '--filter=blob:none',
    );
  }
  missing.forEach(({ tree }) => session.held.add(tree));
  return collect(
    wanted,
    entries,
    await readBlobs(
      session.git,
      entries.map(({ id }) => id),
    ),
  );
};

/** Trees that are here already without (all of) their files: a want of one of those would send no request. */
const withTreesHere = async (session: Session, { rung }: Fetched, missing: readonly NamedTree[]) => {
  const trees = missing.map(({ tree }) => tree);
  if (rung === 'c' || rung === 'e') return new Set(trees);
  return session.recordsRead ? presentObjects(session.git, trees) : new Set<string>();
};

const collect = (
  wanted: readonly NamedTree[],
  entries: readonly TreeEntry[],
  contents: readonly (string | undefined)[],
): ReadonlyMap<string, StoredEnvironment> => {
  const files = entries.map(({ path }, index) => [path, contents[index]] as const);
  return new Map(
    wanted.map(({ id, tree }) => {
      const directory = `${directoryOf(id)}/`;
      const own = files.filter(([path]) => path.startsWith(directory));
      return [
        printId(id),
        { id, tree, files: new Map(own.map(([path, text]) => [path.slice(directory.length), whole(path, text)])) },
      ];
    }),
  );
};

const whole = (path: string, text: string | undefined): string => {
  if (text !== undefined) return text;
  throw temporaryError('RemoteUnavailable', `the GitOps repository didn’t send ${path}`, {
    where: path,
    remedy: 'Run it again.',
  });
};

const recordFiles = ['environment.json', 'README.md'] as const;

/** Every record and README. */
export const readRecords = async (session: Session): Promise<Base> => {
  const fetched = await fetchBase(session, 'records');
  if (fetched === undefined) return emptyBase;
  const { names } = await listEnvironments(session, { tip: fetched.tip, rung: 'a' }, []);
  if (fetched.rung === 'c' || fetched.rung === 'd') await bringRecords(session, fetched, names);
  session.recordsRead = true;

  const paths = names.flatMap(({ id }) => recordFiles.map((file) => `${fetched.tip}:${directoryOf(id)}/${file}`));
  const contents = await readBlobs(session.git, paths);
  const environments = names.map(({ id, tree }, index) => {
    const files = recordFiles.flatMap((file, offset) => {
      const text = contents[index * recordFiles.length + offset];
      return text === undefined ? [] : [[file, text] as const];
    });
    return [printId(id), { id, tree, files: new Map<string, string>(files) }] as const;
  });
  return { tip: fetched.tip, names: names.map(({ id }) => id), complete: true, environments: new Map(environments) };
};

const bringRecords = async (session: Session, { tip }: Fetched, names: readonly NamedTree[]): Promise<void> => {
  const paths = new Set(names.flatMap(({ id }) => recordFiles.map((file) => `${directoryOf(id)}/${file}`)));
  const entries = await listTree(session, ['-r', tip, '--', 'environments/']);
  await want(
    session,
    entries.filter(({ path }) => paths.has(path)).map(({ id }) => id),
    '--filter=blob:none',
  );
};
