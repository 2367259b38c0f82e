import { temporaryError, type BivouacError } from '../../model/errors.js';
import type { PrintObjects } from './command.js';
import { directoryMode, readTree, type TreeEntry } from './tree.js';

export interface GitObject {
  readonly id: string;
  readonly type: string;
  readonly content: Buffer;
}

/** Objects of the temporary repository, in memory as far as they were read. Nothing is fetched. */
export interface ObjectStore {
  /** By id, or by `<commit>:<path>`; in one process, or in none when all are in memory. What isn't here stays unknown. */
  load(names: readonly string[]): Promise<void>;
  /** All that is here, in one process. */
  loadAll(): Promise<void>;
  get(id: string): GitObject | undefined;
  /** A tree that isn't in memory is never taken for an empty one. @throws TemporaryError RemoteUnavailable */
  tree(id: string): readonly TreeEntry[];
  /** Forgets what is in memory. */
  clear(): void;
}

export const objectStore = (print: PrintObjects): ObjectStore => {
  const objects = new Map<string, GitObject>();
  const trees = new Map<string, readonly TreeEntry[]>();
  const keep = (output: Buffer): void => parseBatch(output).forEach((each) => objects.set(each.id, each));
  const tree = (id: string): readonly TreeEntry[] => {
    const known = trees.get(id);
    if (known !== undefined) return known;
    const found = objects.get(id);
    if (found?.type !== 'tree') throw notSent(`tree ${id}`);
    const entries = readTree(found.content);
    trees.set(id, entries);
    return entries;
  };
  return {
    load: async (names) => {
      const unknown = [...new Set(names)].filter((name) => !objects.has(name));
      if (unknown.length > 0) keep(await print(['--batch', '--buffer'], `${unknown.join('\n')}\n`));
    },
    loadAll: async () => keep(await print(['--batch', '--batch-all-objects', '--unordered', '--buffer'])),
    get: (id) => objects.get(id),
    tree,
    clear: () => {
      objects.clear();
      trees.clear();
    },
  };
};

const header = /^([0-9a-f]{40}) ([a-z]+) (\d+)$/;

/** What `cat-file --batch` prints; lines about objects that aren't here are passed over. */
const parseBatch = (output: Buffer): readonly GitObject[] => {
  const found: GitObject[] = [];
  for (let at = 0; at < output.length;) {
    const end = output.indexOf('\n', at);
    const [, id, type, size] = header.exec(output.toString('latin1', at, end)) ?? [];
    at = end + 1;
    if (id === undefined || type === undefined) continue;
    const content = output.subarray(at, at + Number(size));
    found.push({ id, type, content });
    at += Number(size) + 1;
  }
  return found;
};

/** Tree id of a commit. @throws TemporaryError RemoteUnavailable */
export const rootOf = (objects: ObjectStore, commit: string): string => {
  const content = objects.get(commit)?.content.toString('latin1', 0, 46) ?? '';
  const id = /^tree ([0-9a-f]{40})\n/.exec(content)?.[1];
  if (id === undefined) throw notSent(`commit ${commit}`);
  return id;
};

/** Undefined: there is nothing at the path. */
export const entryAt = (objects: ObjectStore, tree: string, path: string): TreeEntry | undefined => {
  const [head = '', ...rest] = path.split('/');
  const found = objects.tree(tree).find(({ name }) => name === head);
  if (rest.length === 0 || found === undefined) return found;
  return found.mode === directoryMode ? entryAt(objects, found.id, rest.join('/')) : undefined;
};

export const notSent = (what: string): BivouacError =>
  temporaryError('RemoteUnavailable', `the GitOps repository didn’t send ${what}`, { remedy: 'Run it again.' });
