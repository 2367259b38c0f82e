import type { FileTree } from '../../model/manifest.js';
import { directoryOf } from '../../model/names.js';
import type { CommitSha } from '../../model/pull-request.js';
import type { Change } from '../port.js';
import { fluxFileOf, printMessage, type Stamp } from './fast-import.js';
import { objectOf, printCommit, rootOf, type GitObject, type ObjectStore } from './objects.js';
import { directoryMode, fileMode, type TreeEntry } from './tree.js';

/** What a change must come to, worked out without git. */
export interface Predicted {
  /** Ids of the directory and of the Flux file; absent: it isn't there afterwards. */
  readonly directory?: string;
  readonly flux?: string;
  /** Stands for everything: the whole tree, the parent, the message. */
  readonly commit: string;
  /** All objects that the change makes, the commit among them. */
  readonly made: readonly GitObject[];
}

/**
 * The ids that git must come to when each change touches its own places and nothing else. Trees on the way must be in memory.
 * @throws TemporaryError RemoteUnavailable
 */
export const predict = (
  objects: ObjectStore,
  changes: readonly Change[],
  { base, stamp }: { readonly base: CommitSha | undefined; readonly stamp: Stamp },
): readonly Predicted[] => {
  const forest = forestOver(objects);
  let root = base === undefined ? undefined : rootOf(objects, base);
  let parent: string | undefined = base;
  return changes.map((change) => {
    const directory = forest.add(change.files);
    const flux = change.flux === undefined ? undefined : forest.blob(change.flux);
    root = forest.put(root, directoryOf(change.id).split('/'), leaf(directoryMode, directory));
    root = forest.put(root, fluxFileOf(change).split('/'), leaf(fileMode, flux));
    const message = printMessage(change.message);
    const commit = printCommit({ tree: root ?? forest.empty, ...(parent !== undefined && { parent }), stamp, message });
    parent = commit.id;
    const made = [...forest.taken(), commit];
    return {
      ...(directory !== undefined && { directory }),
      ...(flux !== undefined && { flux }),
      commit: commit.id,
      made,
    };
  });
};

type Leaf = Pick<TreeEntry, 'mode' | 'id'>;

const leaf = (mode: string, id: string | undefined): Leaf | undefined => (id === undefined ? undefined : { mode, id });

/** Trees that are being made, over those in memory. An id of undefined is a tree without entries, which git doesn't keep. */
const forestOver = (objects: ObjectStore) => {
  const made = new Map<string, readonly TreeEntry[]>();
  let fresh: GitObject[] = [];
  const keep = (type: 'blob' | 'tree', content: Buffer): string => {
    const object = objectOf(type, content);
    fresh.push(object);
    return object.id;
  };
  const blob = (text: string): string => keep('blob', Buffer.from(text));
  const entriesOf = (tree: string | undefined) => (tree === undefined ? [] : (made.get(tree) ?? objects.tree(tree)));
  const plant = (entries: readonly TreeEntry[]): string | undefined => {
    if (entries.length === 0) return undefined;
    const id = keep('tree', printTree(entries));
    made.set(id, entries);
    return id;
  };
  /** Puts something at a path, or takes it away; what isn't a directory on the way stays when something is taken away below it. */
  const put = (
    tree: string | undefined,
    [name = '', ...rest]: readonly string[],
    what: Leaf | undefined,
  ): string | undefined => {
    const entries = entriesOf(tree);
    const old = entries.find((entry) => entry.name === name);
    const isOpen = old?.mode === directoryMode;
    if (what === undefined && (old === undefined || (rest.length > 0 && !isOpen))) return tree;
    const below: Leaf | undefined =
      rest.length === 0 ? what : leaf(directoryMode, put(isOpen ? old.id : undefined, rest, what));
    const others = entries.filter((entry) => entry !== old);
    return plant(below === undefined ? others : [...others, { ...below, name }]);
  };
  const add = (files: FileTree): string | undefined => {
    const heads = new Map<string, Map<string, string>>();
    for (const [path, text] of files) {
      const [head = '', ...rest] = path.split('/');
      heads.set(head, (heads.get(head) ?? new Map<string, string>()).set(rest.join('/'), text));
    }
    return plant(
      [...heads].flatMap(([name, below]) => {
        const text = below.get('');
        const entry = text === undefined ? leaf(directoryMode, add(below)) : { mode: fileMode, id: blob(text) };
        return entry === undefined ? [] : [{ ...entry, name }];
      }),
    );
  };
  /** What was made since the last time. */
  const taken = (): readonly GitObject[] => {
    const all = fresh;
    fresh = [];
    return all;
  };
  return { put, add, blob, taken, empty: objectOf('tree', Buffer.alloc(0)).id };
};

/** Git's order: a directory sorts as if its name ended in a slash. */
const printTree = (entries: readonly TreeEntry[]): Buffer => {
  const keyOf = ({ mode, name }: TreeEntry): string => (mode === directoryMode ? `${name}/` : name);
  const sorted = [...entries].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  return Buffer.concat(
    sorted.flatMap(({ mode, name, id }) => [
      Buffer.from(`${mode.replace(/^0+/, '')} ${name}\0`, 'latin1'),
      Buffer.from(id, 'hex'),
    ]),
  );
};
