import { createHash } from 'node:crypto';
import type { FileTree } from '../../model/manifest.js';
import { directoryOf } from '../../model/names.js';
import type { CommitSha } from '../../model/pull-request.js';
import type { Change } from '../port.js';
import { committer, fluxFileOf, printMessage, type Stamp } from './fast-import.js';
import { rootOf, type ObjectStore } from './objects.js';
import { directoryMode, fileMode, type TreeEntry } from './tree.js';

/** What a change must come to, worked out without git. */
export interface Predicted {
  /** Ids of the directory and of the Flux file; absent: it isn't there afterwards. */
  readonly directory?: string;
  readonly flux?: string;
  /** Stands for everything: the whole tree, the parent, the message. */
  readonly commit: string;
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
    const flux = change.flux === undefined ? undefined : idOf('blob', Buffer.from(change.flux));
    root = forest.put(root, directoryOf(change.id).split('/'), leaf(directoryMode, directory));
    root = forest.put(root, fluxFileOf(change).split('/'), leaf(fileMode, flux));
    const commit = idOf('commit', Buffer.from(printCommit(change, { tree: root ?? forest.empty, parent, stamp })));
    parent = commit;
    return { ...(directory !== undefined && { directory }), ...(flux !== undefined && { flux }), commit };
  });
};

interface Place {
  readonly tree: string;
  readonly parent: string | undefined;
  readonly stamp: Stamp;
}

const printCommit = (change: Change, { tree, parent, stamp }: Place): string => {
  const line = committer(stamp);
  const parents = parent === undefined ? '' : `parent ${parent}\n`;
  return `tree ${tree}\n${parents}${line.replace(/^committer/, 'author')}${line}\n${printMessage(change.message)}`;
};

type Leaf = Pick<TreeEntry, 'mode' | 'id'>;

const leaf = (mode: string, id: string | undefined): Leaf | undefined => (id === undefined ? undefined : { mode, id });

/** Trees that are being made, over those in memory. An id of undefined is a tree without entries, which git doesn't keep. */
const forestOver = (objects: ObjectStore) => {
  const made = new Map<string, readonly TreeEntry[]>();
  const entriesOf = (tree: string | undefined) => (tree === undefined ? [] : (made.get(tree) ?? objects.tree(tree)));
  const plant = (entries: readonly TreeEntry[]): string | undefined => {
    if (entries.length === 0) return undefined;
    const id = idOf('tree', printTree(entries));
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
        const entry =
          text === undefined
            ? leaf(directoryMode, add(below))
            : { mode: fileMode, id: idOf('blob', Buffer.from(text)) };
        return entry === undefined ? [] : [{ ...entry, name }];
      }),
    );
  };
  return { put, add, empty: idOf('tree', Buffer.alloc(0)) };
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

const idOf = (type: string, content: Buffer): string =>
  createHash('sha1').update(`${type} ${content.length}\0`).update(content).digest('hex');
