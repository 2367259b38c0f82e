import { temporaryError } from '../../model/errors.js';
import { sameId } from '../../model/names.js';
import { commitSha } from '../../model/pull-request.js';
import { mayLand, readEntryText } from '../queue/entry.js';
import type { Base, Commit, Entry, Leaving, Queue } from '../port.js';
import { GitFailure } from './command.js';
import { carryOver, type Carried } from './carry.js';
import type { Identity } from './fast-import.js';
import { fetchBase, want, type Session } from './fetch.js';
import { writeEntries } from './leave.js';
import { listEnvironments, type NamedTree } from './list.js';
import { pushCommit } from './push.js';
import { byName, idOfQueueRef, isRemoval, queuePattern, queueRefOf, type StoredEntry } from './refs.js';

type Within = <Result>(use: (workspace: { readonly session: Session }) => Promise<Result>) => Promise<Result>;

/** Addresses of repositories that don't take our refs, or no push that is all or nothing; for the life of the process. */
const refusing = new Set<string>();

/** The queue of one repository, on refs beside its branches (git-publish.md 8). */
export const openQueue = (
  { url, identity }: { readonly url: string; readonly identity: Identity },
  within: Within,
): Queue => ({
  enqueue: async (base, commit, leaving) => {
    if (refusing.has(url)) return undefined;
    const left = await within(({ session }) => leave(session, { base, commit, leaving, identity }));
    if (left === undefined) refusing.add(url);
    return left;
  },
  look: () => within(({ session }) => look(session)),
  combine: (at) => within(({ session }) => combine(session, { identity, at })),
  giveUp: () => refusing.add(url),
});

interface Leave {
  readonly base: Base;
  readonly commit: Commit;
  readonly leaving: Leaving;
  readonly identity: Identity;
}

const leave = async (session: Session, { base, commit, leaving, identity }: Leave) => {
  const { git, directory } = session;
  const entries = await writeEntries(commit.changes, { ...leaving, directory, identity });
  const leases = entries.map(({ id }) => {
    const seen = base.queued?.find((each) => sameId(each.id, id))?.commit ?? '';
    return `--force-with-lease=${queueRefOf(id)}:${seen}`;
  });
  const refs = entries.map((each) => `${each.commit}:${queueRefOf(each.id)}`);
  try {
    await git(['push', '--porcelain', '--atomic', ...leases, 'origin', ...refs], { remote: true });
    return entries;
  } catch (error) {
    if (error instanceof GitFailure && isRefused(error.message)) return undefined;
    throw error;
  }
};

const lostRace = /failed to update ref|cannot lock ref|reference already exists|incorrect old value|transaction failed/;

const isRefused = (text: string): boolean =>
  /does not support --atomic/.test(text) || (/\[remote rejected\]/.test(text) && !lostRace.test(text));

const look = async ({ git }: Session): Promise<readonly Entry[]> => {
  const output = await git(['ls-remote', 'origin', queuePattern], { remote: true });
  const found = output.split('\n').flatMap((line) => {
    const [commit = '', ref = ''] = line.split('\t');
    const id = idOfQueueRef(ref);
    return id === undefined ? [] : [{ id, commit: commitSha(commit) }];
  });
  return found.sort(byName);
};

/** At a time; more wait for the next, so that a command line stays short. */
const most = 200;

const combine = async (session: Session, stamp: { readonly identity: Identity; readonly at: Date }): Promise<void> => {
  const fetched = await fetchBase(session, { purpose: 'slice', queued: [queuePattern] });
  if (fetched === undefined) throw temporaryError('RemoteUnavailable', 'the branch of the GitOps repository is gone');
  const entries = fetched.entries.slice(0, most);
  const { names } = await listEnvironments(
    session,
    fetched,
    entries.map(({ id }) => id),
  );
  const carried = entries.flatMap((entry) => carriedOf(entry, { names, at: stamp.at }));
  if (fetched.rung === 'b' || fetched.rung === 'd')
    await want(
      session,
      carried.flatMap(({ entry }) => (isRemoval(entry) ? [] : [entry.tree])),
      '--filter=blob:none',
    );
  const tip = await carryOver(session.git, { base: fetched.tip, carried, identity: stamp.identity });
  await pushCommit(session, { base: fetched.tip, ...(tip !== undefined && { tip }) }, entries);
};

/** None: it is dropped, and its author, who still waits, decides anew. */
const carriedOf = (
  entry: StoredEntry,
  { names, at }: { readonly names: readonly NamedTree[]; readonly at: Date },
): readonly Carried[] => {
  const text = readEntryText(entry.text);
  const held = names.find(({ id }) => sameId(id, entry.id))?.tree;
  if (text === undefined) return [];
  const { replaces } = text;
  const may = mayLand(
    { at: entry.at, ...(replaces !== undefined && { replaces }) },
    { at, ...(held !== undefined && { held }) },
  );
  return may ? [{ entry, text }] : [];
};
