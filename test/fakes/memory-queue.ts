import { temporaryError } from '../../src/model/errors.js';
import { printId } from '../../src/model/names.js';
import type { CommitSha } from '../../src/model/pull-request.js';
import { mayLand } from '../../src/gitops/queue/entry.js';
import type { Change, CommitMessage, Entry, Queue, QueuedEntry } from '../../src/gitops/port.js';

interface Waiting {
  readonly entry: QueuedEntry;
  readonly change: Change;
  readonly replaces: string | undefined;
  readonly at: Date;
}

/** What the queue needs of the branch in memory. */
export interface Branch {
  treeOf(environment: string): string | undefined;
  /** One commit on top; nothing when it holds this already. */
  land(change: Change, at: Date): void;
  hash(...parts: readonly (string | undefined)[]): CommitSha;
}

/** The queue's whole meaning in memory: leases on every entry, and the rule of what may land. */
export const memoryQueue = (branch: Branch) => {
  const waiting = new Map<string, Waiting>();
  const sorted = (): readonly Waiting[] =>
    [...waiting.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
  const take = (entries: readonly Entry[]): void => {
    const stale = entries.find(({ id, commit }) => waiting.get(printId(id))?.entry.commit !== commit);
    if (stale !== undefined) throw temporaryError('PushContended', 'stale info');
    entries.forEach(({ id }) => waiting.delete(printId(id)));
  };
  const queue: Queue = {
    // eslint-disable-next-line @typescript-eslint/require-await -- the port is asynchronous, and what throws must reject
    enqueue: async ({ queued = [] }, commit, { changes, at }) => {
      const left = commit.changes.map((each): Waiting => {
        const change = changes.find(({ id }) => printId(id) === printId(each.id));
        if (change === undefined) throw new Error('a commit of something else');
        const { id, before: replaces, after } = each;
        const sha = branch.hash('entry', printId(id), after, replaces, String(at.getTime()), says(change.message));
        return { entry: { id, commit: sha, ...(after !== undefined && { tree: after }) }, change, replaces, at };
      });
      const stale = left.some(({ entry: { id } }) => {
        const seen = queued.find((each) => printId(each.id) === printId(id))?.commit;
        return waiting.get(printId(id))?.entry.commit !== seen;
      });
      if (stale) throw temporaryError('PushContended', 'stale info');
      left.forEach((each) => waiting.set(printId(each.entry.id), each));
      return left.map(({ entry: { id, commit: sha } }) => ({ id, commit: sha }));
    },
    look: () => Promise.resolve(sorted().map(({ entry: { id, commit } }) => ({ id, commit }))),
    // eslint-disable-next-line @typescript-eslint/require-await -- the same
    combine: async (at) => {
      for (const { entry, change, replaces, at: left } of sorted()) {
        const held = branch.treeOf(printId(entry.id));
        const wish = { at: left, ...(replaces !== undefined && { replaces }) };
        if (mayLand(wish, { at, ...(held !== undefined && { held }) })) branch.land(change, left);
      }
      waiting.clear();
    },
    giveUp: () => undefined,
  };
  return { queue, take, waiting: (): readonly QueuedEntry[] => sorted().map(({ entry }) => entry) };
};

const says = ({ subject }: CommitMessage): string => subject;
