import { directoryOf, type EnvironmentId } from '../../model/names.js';
import { want, type Fetched, type Session } from './fetch.js';
import { depthOf, directoryMode, expectDirectory, idOf, parseTree, type TreeEntry } from './tree.js';

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
  { tip, rung }: Fetched,
  asked: readonly EnvironmentId[],
): Promise<Listing> => {
  const complete = rung === 'a' || rung === 'c' || rung === 'e';
  const mine = new Set(asked.map(applicationPath));
  if (!complete) await bringListings(session, { tip, rung }, mine);

  const applications = await listApplications(session, tip);
  applications.filter(({ path }) => mine.has(path)).forEach(expectDirectory);
  const paths = applications
    .filter(
      ({ mode, path }) => mode === directoryMode && idOf(`${path}/x`) !== undefined && (complete || mine.has(path)),
    )
    .map(({ path }) => `${path}/`);
  const entries = paths.length === 0 ? [] : await listTree(session, [tip, '--', ...paths]);

  const directories = new Set(asked.map(directoryOf));
  entries.filter(({ path }) => directories.has(path)).forEach(expectDirectory);
  const names = entries.flatMap(({ mode, path, id: tree }) => {
    const id = mode === directoryMode ? idOf(path) : undefined;
    return id === undefined ? [] : [{ id, tree }];
  });
  return { names, complete };
};

const applicationPath = ({ application }: EnvironmentId): string => `environments/${application}`;

export const listTree = async ({ git }: Session, args: readonly string[]): Promise<readonly TreeEntry[]> =>
  parseTree(await git(['ls-tree', '-z', ...args]));

const listApplications = async (session: Session, tip: string): Promise<readonly TreeEntry[]> => {
  const listed = await listTree(session, ['-t', tip, '--', 'environments/']);
  if (listed.length > 0) return listed.filter(({ path }) => depthOf(path) === 2);
  (await listTree(session, [tip, '--', 'environments'])).forEach(expectDirectory); // a link or a file lists nothing below it
  return [];
};

/** Rungs b and d bring no application's listing: these are wanted by id, with those of `flux/` beside them. */
const bringListings = async (session: Session, { tip, rung }: Fetched, mine: ReadonlySet<string>): Promise<void> => {
  if (rung === 'd') {
    const root = /^tree ([0-9a-f]{40})$/m.exec(await session.git(['cat-file', 'commit', tip]))?.[1] ?? '';
    await want(session, [root], '--filter=tree:0');
    const tops = await listTree(session, [root, '--', 'environments', 'flux']);
    await want(session, directoriesOf(tops), '--filter=tree:0');
  }
  const seconds = await listTree(session, [tip, '--', 'environments/', 'flux/']);
  const ours = seconds.filter(({ path }) => mine.has(path.replace(/^flux\//, 'environments/')));
  await want(session, directoriesOf(ours), '--filter=tree:0');
};

const directoriesOf = (entries: readonly TreeEntry[]): readonly string[] =>
  entries.filter(({ mode }) => mode === directoryMode).map(({ id }) => id);
