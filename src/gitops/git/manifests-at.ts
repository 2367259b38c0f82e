import { inTurn } from '../../model/in-turn.js';
import { directoryOf, type EnvironmentId } from '../../model/names.js';
import { commitSha } from '../../model/pull-request.js';
import { GitFailure } from './command.js';
import { fetchCommit, want, type Session } from './fetch.js';
import { rootOf } from './objects.js';
import { directoryMode } from './tree.js';

export type ManifestsReader = (session: Session, revision: string, id: EnvironmentId) => Promise<string | undefined>;

/**
 * Tree ids of manifests at any commit. What a commit holds never changes, so it is remembered; a commit that isn't there may come.
 * One at a time: two fetches that shorten history at once lock each other out.
 */
export const manifestsReader = (): ManifestsReader => {
  const known = new Map<string, string | undefined>();
  const turn = inTurn();
  return (session, revision, id) => {
    const path = `${directoryOf(id)}/manifests`;
    const key = `${revision}:${path}`;
    const read = async (): Promise<string | undefined> => {
      if (known.has(key)) return known.get(key);
      if (!(await isHere(session, revision))) return undefined;
      const tree = await treeAt(session, rootOf(session.objects, revision), path);
      known.set(key, tree);
      return tree;
    };
    return turn(read);
  };
};

/** Brings the commit where there is one. A name would be resolved by whoever reads it, each time to something else: never one. */
const isHere = async (session: Session, revision: string): Promise<boolean> => {
  if (!/^[0-9a-f]{40}$/.test(revision)) return false;
  const { objects } = session;
  await objects.load([revision]);
  if (objects.get(revision) !== undefined) return true;
  try {
    await fetchCommit(session, commitSha(revision));
  } catch (error) {
    if (error instanceof GitFailure && isUnknown(error)) return false;
    throw error;
  }
  await objects.load([revision]);
  return objects.get(revision)?.type === 'commit';
};

const isUnknown = ({ message }: GitFailure): boolean =>
  /not our ref|unadvertised object|couldn't find remote ref/.test(message);

/** Down the path, wanting by id what the filter left out. An environment comes with its folders: a read takes one that is here for whole. */
const treeAt = async (session: Session, root: string, path: string): Promise<string | undefined> => {
  const { objects } = session;
  const names = path.split('/');
  let tree = root;
  for (const [depth, name] of names.entries()) {
    await objects.load([tree]);
    if (objects.get(tree) === undefined) {
      await want(session, [tree], depth === names.length - 1 ? '--filter=blob:none' : '--filter=tree:0');
      await objects.load([tree]);
    }
    const below = objects.tree(tree).find((entry) => entry.name === name);
    if (below?.mode !== directoryMode) return undefined;
    tree = below.id;
  }
  return tree;
};
