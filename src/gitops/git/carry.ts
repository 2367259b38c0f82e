import { directoryOf, type EnvironmentId } from '../../model/names.js';
import type { CommitSha } from '../../model/pull-request.js';
import type { EntryText } from '../queue/entry.js';
import { checkPlaces } from './check.js';
import type { Git } from './command.js';
import { differs } from './commit.js';
import { committer, data, fluxFileOf, pathsOf, readReplies, type Identity, type Imported } from './fast-import.js';
import { isRemoval, type StoredEntry } from './refs.js';
import { fileMode, parseTree } from './tree.js';

/** An entry that lands. */
export interface Carried {
  readonly entry: StoredEntry;
  readonly text: EntryText;
}

export interface Carrying {
  readonly base: CommitSha;
  readonly carried: readonly Carried[];
  readonly identity: Identity;
}

/** One commit an entry, with its message and date; undefined: there is nothing to carry. @throws PolicyError ForeignEntry */
export const carryOver = async (git: Git, carrying: Carrying): Promise<CommitSha | undefined> => {
  for (let { carried } = carrying; carried.length > 0;) {
    const made = await run(git, { ...carrying, carried });
    const tip = made.at(-1)?.commit;
    const foreign = tip === undefined ? [] : await foreignIn(git, tip, carried);
    const real = carried.filter(
      ({ entry }, index) =>
        differs(made[index]) && !foreign.some((path) => path.startsWith(`${directoryOf(entry.id)}/`)),
    );
    if (real.length === carried.length) return tip;
    carried = real; // what the branch holds already makes no commit
  }
  return undefined;
};

/** Whoever may write entries may write the branch; links and submodules are dropped nevertheless, as Bivouac writes none. */
const foreignIn = async (git: Git, tip: CommitSha, carried: readonly Carried[]): Promise<readonly string[]> => {
  const directories = carried.map(({ entry }) => directoryOf(entry.id));
  const files = parseTree(await git(['ls-tree', '-r', '-z', tip, '--', ...directories]));
  return files.filter(({ mode }) => mode !== fileMode).map(({ path }) => path);
};

const run = async (git: Git, { base, carried, identity }: Carrying): Promise<readonly Imported[]> => {
  if (carried.length === 0) return [];
  const stream = carried.map((each, index) =>
    commitOf(each, { from: index === 0 ? base : `:${index}`, mark: index + 1, identity }),
  );
  const output = await git(['fast-import', '--quiet', '--done', '--force'], { input: `${stream.join('')}done\n` });
  const changes = carried.map(changeOf);
  const imported = readReplies(output, changes);
  checkPlaces(changes, imported);
  return imported;
};

const changeOf = ({ entry, text }: Carried): { readonly id: EnvironmentId; readonly flux?: string } => ({
  id: entry.id,
  ...(text.flux !== undefined && { flux: text.flux }),
});

interface Place {
  readonly from: string;
  readonly mark: number;
  readonly identity: Identity;
}

const commitOf = ({ entry, text }: Carried, { from, mark, identity }: Place): string => {
  const directory = directoryOf(entry.id);
  const flux = fluxFileOf(entry);
  return [
    'commit refs/heads/w\n',
    `mark :${mark}\n`,
    committer({ identity, at: entry.at }),
    data(text.message),
    `from ${from}\n`,
    ...pathsOf(entry).map((path) => `ls "${path}"\n`),
    `D ${directory}\n`,
    `D ${flux}\n`,
    ...(isRemoval(entry) ? [] : [`M 040000 ${entry.tree} ${directory}\n`]),
    ...(text.flux === undefined ? [] : [`M 100644 inline ${flux}\n${data(text.flux)}`]),
    `ls "${directory}"\n`,
    `ls "${flux}"\n\n`,
    `get-mark :${mark}\n`,
  ].join('');
};
