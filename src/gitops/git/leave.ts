import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { sameId } from '../../model/names.js';
import { commitSha } from '../../model/pull-request.js';
import { entryTrailers } from '../queue/entry.js';
import type { CommittedChange, Entry, Leaving } from '../port.js';
import { printMessage, type Identity } from './fast-import.js';
import { objectOf, printCommit, type GitObject } from './objects.js';
import { emptyTree } from './refs.js';

export interface LeavingHere extends Leaving {
  /** Of the temporary repository. */
  readonly directory: string;
  readonly identity: Identity;
}

/**
 * One commit without parents for each change, whose root is the environment's directory. Its trees and files are here already, so that
 * the commit is one small file, which needs no git.
 */
export const writeEntries = (committed: readonly CommittedChange[], leaving: LeavingHere): Promise<readonly Entry[]> =>
  Promise.all(
    committed.map(async (each) => {
      const commit = entryOf(each, leaving);
      if (each.after === undefined) await writeLoose(leaving.directory, objectOf('tree', Buffer.alloc(0)));
      await writeLoose(leaving.directory, commit);
      return { id: each.id, commit: commitSha(commit.id) };
    }),
  );

const entryOf = ({ id, before, after }: CommittedChange, { changes, at, identity }: LeavingHere): GitObject => {
  const change = changes.find((each) => sameId(each.id, id));
  const { subject, trailers } = change?.message ?? { subject: 'unknown', trailers: [] };
  const own = entryTrailers({
    ...(before !== undefined && { replaces: before }),
    ...(change?.flux !== undefined && { flux: change.flux }),
  });
  const message = printMessage({ subject, trailers: [...trailers, ...own] });
  return printCommit({ tree: after ?? emptyTree, stamp: { identity, at }, message });
};

const compress = promisify(deflate);

/** Git's own form of one object: a file, named by its id. */
const writeLoose = async (directory: string, { id, type, content }: GitObject): Promise<void> => {
  const folder = join(directory, 'objects', id.slice(0, 2));
  await mkdir(folder, { recursive: true });
  const bytes = Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content]);
  await writeFile(join(folder, id.slice(2)), await compress(bytes));
};
