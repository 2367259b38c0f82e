import { createHash } from 'node:crypto';
import type { FileTree } from '../../src/model/manifest.js';
import { parseId, printId } from '../../src/model/names.js';
import { commitSha, type CommitSha } from '../../src/model/pull-request.js';
import type {
  Base,
  Change,
  Commit,
  CommitMessage,
  CommittedChange,
  GitOpsRepository,
  QueuedEntry,
} from '../../src/gitops/port.js';
import { memoryQueue } from './memory-queue.js';

interface State {
  readonly tip: CommitSha | undefined;
  readonly environments: ReadonlyMap<string, FileTree>;
  readonly flux: ReadonlyMap<string, string>;
}

/** A GitOps repository in memory: the port's whole meaning, without git. */
export interface MemoryGitOps extends GitOpsRepository {
  /** What the branch holds, by `application/environment`. */
  readonly environments: ReadonlyMap<string, FileTree>;
  readonly flux: ReadonlyMap<string, string>;
  readonly tip: CommitSha | undefined;
  /** Messages of all commits on the branch, oldest first. */
  readonly messages: readonly CommitMessage[];
  readonly counts: { readonly reads: number; readonly pushes: number };
  /** Called before each push with its number from 1: throw to lose it, or write meanwhile by `write`. */
  beforePush: ((push: number) => void | Promise<void>) | undefined;
  /** Called after a push has landed: throw to lose its answer. */
  afterPush: ((push: number) => void) | undefined;
  /** Called before each read with its number from 1. */
  beforeRead: ((read: number) => void) | undefined;
  /** Somebody else's commit; undefined removes. */
  write(environment: string, files: FileTree | undefined): void;
  /** Somebody deletes the branch. */
  drop(): void;
  /** Everything in the queue. */
  waiting(): readonly QueuedEntry[];
}

export interface MemoryOptions {
  /** Whether the host takes a queue on side refs. @default false */
  readonly queue?: boolean;
}

export const memoryGitOps = (
  initial: Readonly<Record<string, FileTree>> = {},
  options: MemoryOptions = {},
): MemoryGitOps => {
  const first = new Map(Object.entries(initial));
  let state: State = { tip: first.size === 0 ? undefined : hash('initial'), environments: first, flux: new Map() };
  const history = new Map<string | undefined, State>([[state.tip, state]]);
  const become = (next: State): void => {
    state = next;
    history.set(next.tip, next);
  };
  const built = new Map<CommitSha, { readonly state: State; readonly messages: readonly CommitMessage[] }>();
  const seen = new Map<CommitSha | undefined, State>();
  const messages: CommitMessage[] = [];
  const counts = { reads: 0, pushes: 0 };
  const { queue, take, waiting } = memoryQueue({
    hash,
    treeOf: (name) => {
      const files = state.environments.get(name);
      return files && treeOf(files);
    },
    land: (change, at) => {
      const after = changed(state, change);
      if (after === state) return;
      become({ ...after, tip: commitOf(state, change, at) });
      messages.push(change.message);
    },
  });

  const look = (pick: (id: string) => boolean, only?: readonly string[]): Base => {
    counts.reads += 1;
    memory.beforeRead?.(counts.reads);
    seen.set(state.tip, state);
    const environments = [...state.environments].filter(([id]) => pick(id));
    return {
      ...(state.tip !== undefined && { tip: state.tip }),
      names: [...state.environments.keys()].sort().map(parseId),
      complete: true,
      queued: waiting().filter(({ id }) => pick(printId(id))),
      environments: new Map(
        environments.map(([id, files]) => {
          const shown = [...files].filter(([path]) => only === undefined || only.includes(path));
          return [id, { id: parseId(id), tree: treeOf(files), files: new Map(shown) }];
        }),
      ),
    };
  };

  const memory: MemoryGitOps = {
    get environments() {
      return state.environments;
    },
    get flux() {
      return state.flux;
    },
    get tip() {
      return state.tip;
    },
    messages,
    counts,
    waiting,
    ...(options.queue === true && { queue }),
    beforePush: undefined,
    afterPush: undefined,
    beforeRead: undefined,
    drop: () => {
      state = { ...state, environments: new Map(), flux: new Map(), tip: undefined };
    },
    write: (id, files) => {
      const environments = apply(state.environments, id, files);
      become({ ...state, environments, tip: hash('foreign', state.tip, id, files && treeOf(files)) });
    },
    // eslint-disable-next-line @typescript-eslint/require-await -- the port is asynchronous, and what throws must reject
    read: async (ids) => look((id) => ids.some((each) => printId(each) === id)),
    // eslint-disable-next-line @typescript-eslint/require-await -- the same
    readAll: async () => look(() => true, ['environment.json', 'README.md']),
    // eslint-disable-next-line @typescript-eslint/require-await -- the same
    manifestsAt: async (revision, id) => {
      const files = [...(history.get(revision)?.environments.get(printId(id)) ?? [])];
      const manifests = files.filter(([path]) => path.startsWith('manifests/'));
      return manifests.length === 0 ? undefined : treeOf(new Map(manifests));
    },
    // eslint-disable-next-line @typescript-eslint/require-await -- the same
    commit: async (base, changes, at) => {
      let next = seen.get(base.tip);
      if (next === undefined) throw new Error('commit on a base that was never read');
      const told: CommittedChange[] = [];
      const said: CommitMessage[] = [];
      for (const change of changes) {
        const after: State = changed(next, change);
        const same: boolean = after === next;
        const tip: CommitSha = same ? hash() : commitOf(next, change, at);
        told.push({ ...trees(next, after, change), ...(!same && { commit: tip }) });
        if (!same) said.push(change.message);
        next = same ? next : { ...after, tip };
      }
      const tip = said.length === 0 ? undefined : next.tip;
      if (tip !== undefined) built.set(tip, { state: next, messages: said });
      return { ...(base.tip !== undefined && { base: base.tip }), ...(tip !== undefined && { tip }), changes: told };
    },
    push: async (commit: Commit, overtaken = []) => {
      if (commit.tip === undefined) return take(overtaken);
      counts.pushes += 1;
      await memory.beforePush?.(counts.pushes);
      const result = built.get(commit.tip);
      if (result === undefined) throw new Error('push of a commit that was never built');
      if (state.tip !== commit.base) throw new Error('stale info');
      take(overtaken);
      become(result.state);
      messages.push(...result.messages);
      memory.afterPush?.(counts.pushes);
    },
    close: () => Promise.resolve(),
  };
  return memory;
};

const commitOf = ({ tip }: State, { id, message, files }: Change, at: Date): CommitSha =>
  hash(tip, printId(id), String(at.getTime()), JSON.stringify(message), treeOf(files));

const changed = (state: State, { id, files, flux }: Change): State => {
  const name = printId(id);
  const held = state.environments.get(name);
  const same =
    (held === undefined ? files.size === 0 : treeOf(held) === treeOf(files)) && state.flux.get(name) === flux;
  if (same) return state;
  return {
    ...state,
    environments: apply(state.environments, name, files.size === 0 ? undefined : files),
    flux: apply(state.flux, name, flux),
  };
};

const trees = (before: State, after: State, { id }: Change): CommittedChange => {
  const [old, now] = [before.environments.get(printId(id)), after.environments.get(printId(id))];
  return { id, ...(old && { before: treeOf(old) }), ...(now && { after: treeOf(now) }) };
};

const apply = <Value>(
  map: ReadonlyMap<string, Value>,
  key: string,
  value: Value | undefined,
): ReadonlyMap<string, Value> =>
  new Map([...[...map].filter(([each]) => each !== key), ...(value === undefined ? [] : [[key, value] as const])]);

const treeOf = (files: FileTree): string => hash(JSON.stringify([...files].sort(([a], [b]) => (a < b ? -1 : 1))));

const hash = (...parts: readonly (string | undefined)[]): CommitSha =>
  commitSha(createHash('sha1').update(JSON.stringify(parts)).digest('hex'));
