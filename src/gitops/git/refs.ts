import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseId, printId, type EnvironmentId } from '../../model/names.js';
import { commitSha, type CommitSha } from '../../model/pull-request.js';
import type { QueuedEntry } from '../port.js';
import type { Git } from './command.js';

export const baseRef = 'refs/bivouac/base';
const queuePrefix = 'refs/bivouac/queue/';

/** The place of one environment in the queue. */
export const queueRefOf = (id: EnvironmentId): string => `${queuePrefix}${printId(id)}`;
export const queuePattern = `${queuePrefix}*`;
/** Patterns, since a fetch of a place that nobody takes would fail. */
export const queuePatternsOf = (ids: readonly EnvironmentId[]): readonly string[] =>
  ids.map((id) => `${queueRefOf(id)}*`);

/** Undefined: nobody of ours made it, and it is left alone. */
export const idOfQueueRef = (ref: string): EnvironmentId | undefined => {
  if (!ref.startsWith(queuePrefix)) return undefined;
  try {
    return parseId(ref.slice(queuePrefix.length));
  } catch {
    return undefined;
  }
};

/** An entry as it was fetched. */
export interface StoredEntry {
  readonly id: EnvironmentId;
  readonly commit: CommitSha;
  readonly tree: string;
  readonly at: Date;
  /** The commit's whole message. */
  readonly text: string;
}

/** Of a removal. */
export const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

export const isRemoval = ({ tree }: StoredEntry): boolean => tree === emptyTree;

export const asQueued = (entry: StoredEntry): QueuedEntry => ({
  id: entry.id,
  commit: entry.commit,
  ...(!isRemoval(entry) && { tree: entry.tree }),
});

const fields = ['refname', 'objectname', 'tree', 'committerdate:unix', 'contents'];
const format = `--format=${fields.map((field) => `%(${field})%00`).join('')}`;

/** A repository that nobody else touches keeps its refs as files: a process is needed only where something waits. */
export const readRefs = async (
  git: Git,
  directory: string,
): Promise<{
  readonly tip: CommitSha;
  readonly entries: readonly StoredEntry[];
}> => {
  const [tip, waiting] = await Promise.all([
    readFile(join(directory, baseRef), 'utf8'),
    readdir(join(directory, queuePrefix)).catch(() => []),
  ]);
  return { tip: commitSha(tip.trim()), entries: waiting.length === 0 ? [] : await readEntries(git) };
};

/** Sorted by name. @throws GitFailure, InternalError */
const readEntries = async (git: Git): Promise<readonly StoredEntry[]> => {
  const found = (await git(['for-each-ref', format, queuePrefix])).split('\0');
  const rows = Array.from({ length: Math.floor(found.length / fields.length) }, (_, row) =>
    found
      .slice(row * fields.length, (row + 1) * fields.length)
      .map((text, index) => (index === 0 ? text.trim() : text)),
  );
  const entries = rows.flatMap(([ref = '', commit = '', tree = '', seconds = '', text = '']) => {
    const id = idOfQueueRef(ref);
    return id === undefined
      ? []
      : [{ id, commit: commitSha(commit), tree, at: new Date(Number(seconds) * 1000), text }];
  });
  return entries.sort(byName);
};

/** Everybody's order: rank in it decides whose turn it is. */
export const byName = (a: { readonly id: EnvironmentId }, b: { readonly id: EnvironmentId }): number =>
  printId(a.id) < printId(b.id) ? -1 : 1;
