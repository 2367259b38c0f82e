import { createHash } from 'node:crypto';
import { temporaryError, type BivouacError } from '../../model/errors.js';
import type { PrintObjects } from './command.js';
import { committer, type Stamp } from './fast-import.js';
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
  /** Objects that were made here and needn't be read back. */
  keep(made: readonly GitObject[]): void;
  get(id: string): GitObject | undefined;
  /** A tree that isn't in memory is never taken for an empty one. @throws TemporaryError RemoteUnavailable */
  tree(id: string): readonly TreeEntry[];
  /** Forgets what is in memory when it has become much: an id never comes to mean anything else. */
  trim(): void;
}

/** Of objects in memory; a repository of ten thousand environments lists them in less. */
const muchBytes = 8_000_000;

export const objectStore = (print: PrintObjects): ObjectStore => {
  const objects = new Map<string, GitObject>();
  const trees = new Map<string, readonly TreeEntry[]>();
  let bytes = 0;
  const keep = (made: readonly GitObject[]): void =>
    made.forEach((each) => {
      bytes += objects.has(each.id) ? 0 : each.content.length;
      objects.set(each.id, each);
    });
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
      if (unknown.length > 0) keep(parseBatch(await print(['--batch', '--buffer'], `${unknown.join('\n')}\n`)));
    },
    loadAll: async () => keep(parseBatch(await print(['--batch', '--batch-all-objects', '--unordered', '--buffer']))),
    keep,
    get: (id) => objects.get(id),
    tree,
    trim: () => {
      if (bytes < muchBytes) return;
      bytes = 0;
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

/** An object with the id that git gives it. */
export const objectOf = (type: 'blob' | 'tree' | 'commit', content: Buffer): GitObject => {
  const id = createHash('sha1').update(`${type} ${content.length}\0`).update(content).digest('hex');
  return { id, type, content };
};

export interface CommitText {
  readonly tree: string;
  readonly parent?: string;
  readonly stamp: Stamp;
  /** As `printMessage` gives it. */
  readonly message: string;
}

/** A commit just as `fast-import` writes it. */
export const printCommit = ({ tree, parent, stamp, message }: CommitText): GitObject => {
  const line = committer(stamp);
  const parents = parent === undefined ? '' : `parent ${parent}\n`;
  const author = line.replace(/^committer/, 'author');
  return objectOf('commit', Buffer.from(`tree ${tree}\n${parents}${author}${line}\n${message}`));
};
