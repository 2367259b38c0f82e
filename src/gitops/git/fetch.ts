import { userError, type BivouacError } from '../../model/errors.js';
import type { CommitSha } from '../../model/pull-request.js';
import { GitFailure, type Git } from './command.js';
import type { ObjectStore } from './objects.js';
import { baseRef, readRefs, type StoredEntry } from './refs.js';
import { withoutCredentials, type Remote } from './remote.js';

/**
 * How much the base fetch brings (git-publish.md 4.2): `a` all applications' listings, `b` the list of applications, `c` all
 * trees and no file, `d` the commit alone, `e` everything.
 */
export type Rung = 'a' | 'b' | 'c' | 'd' | 'e';

/** What one temporary repository is for. */
export interface Session {
  readonly git: Git;
  readonly objects: ObjectStore;
  /** Where the temporary repository lies. */
  readonly directory: string;
  readonly remote: Remote;
  readonly branch: string;
  /** To begin with. */
  readonly rung: Rung;
  /** Environments' trees whose files are all here. */
  readonly held: Set<string>;
  /** How often the base was fetched: what is here after the first time is little. */
  reads: number;
}

export interface Fetched {
  readonly tip: CommitSha;
  /** The one that the host served. */
  readonly rung: Rung;
  /** Of the queue's places asked for. */
  readonly entries: readonly StoredEntry[];
}

type Purpose = 'slice' | 'records';
const filters: Readonly<Record<Purpose, Readonly<Record<Rung, string | undefined>>>> = {
  slice: { a: 'tree:3', b: 'tree:2', c: 'blob:none', d: 'tree:0', e: undefined },
  records: { a: 'tree:5', b: 'tree:5', c: 'blob:none', d: 'blob:none', e: undefined },
};

/** github.com allows no deeper tree filter than `tree:0`. */
export const firstRung = ({ host }: Remote): Rung => (host === 'github.com' ? 'c' : 'a');

/** Rungs that a host refused, for the life of the process. */
const refused = new Map<string, Set<Rung>>();

const rungNow = ({ remote, rung }: Session): Rung =>
  [rung, 'c' as const, 'e' as const].find((each) => !refused.get(remote.host)?.has(each)) ?? 'e';

export interface Fetch {
  readonly purpose: Purpose;
  /** This one, in place of the branch's tip. */
  readonly commit?: CommitSha;
  /** Patterns of refs that come along: the queue's. @default none */
  readonly queued?: readonly string[];
}

/** Fetches the branch's tip; undefined: neither it nor any other branch exists. @throws UserError BranchNotFound, GitFailure */
export const fetchBase = async (session: Session, fetch: Fetch): Promise<Fetched | undefined> => {
  for (let again = true; ; again = false) {
    try {
      const rung = await fetchAtSomeRung(session, fetch);
      const { tip, entries } = await readRefs(session.git, session.directory);
      session.objects.trim();
      session.reads += 1;
      return { tip, rung, entries };
    } catch (error) {
      if (!(error instanceof GitFailure) || !/couldn't find remote ref/.test(error.message)) throw error;
    }
    const branches = await listBranches(session);
    if (branches.length === 0) return undefined;
    if (!branches.includes(session.branch) || !again) throw branchNotFound(session, branches);
  }
};

/** Fetches one commit, without a history. @throws GitFailure, also where there is no such commit */
export const fetchCommit = (session: Session, commit: CommitSha): Promise<Rung> =>
  fetchAtSomeRung(session, { purpose: 'slice', commit });

const fetchAtSomeRung = async (session: Session, fetch: Fetch): Promise<Rung> => {
  for (;;) {
    const rung = rungNow(session);
    try {
      await fetchTip(session, filters[fetch.purpose][rung], fetch);
      return rung;
    } catch (error) {
      if (rung === 'e' || !isFilterRefused(error)) throw error;
      const { host } = session.remote;
      refused.set(host, (refused.get(host) ?? new Set<Rung>()).add(rung));
    }
  }
};

/** `--verbose`, since simple-git waits 50 ms after a command that prints nothing. */
const fetchTip = (session: Session, filter: string | undefined, fetch: Fetch): Promise<string> => {
  const { purpose, commit, queued = [] } = fetch;
  return session.git(
    [
      ...promisor(filter),
      ...(purpose === 'records' ? withoutHaves : []), // a slice of the same tip may be here, which the server would take for all
      'fetch',
      '--verbose',
      '--no-tags',
      '--depth=1',
      ...(filter === undefined ? [] : [`--filter=${filter}`]),
      '--no-write-fetch-head',
      '--recurse-submodules=no',
      ...(queued.length === 0 ? [] : ['--prune']), // else entries that somebody carried over stay here, and every lease on them fails
      'origin',
      commit ?? `+refs/heads/${session.branch}:${baseRef}`,
      ...queued.map((pattern) => `+${pattern}:${pattern}`),
    ],
    { remote: true },
  );
};

const isFilterRefused = (error: unknown): boolean =>
  error instanceof GitFailure &&
  /filter allows max depth|filter '[^']*' not supported|invalid filter-spec/.test(error.message);

/** Fetches objects by id; the server sends what `filter` lets through below them. No request when all are here. */
export const want = async (
  { git }: Session,
  ids: readonly string[],
  filter: '--no-filter' | '--filter=tree:0' | '--filter=blob:none',
) => {
  if (ids.length === 0) return;
  await git(
    [
      ...promisor('tree:0'),
      ...withoutHaves,
      'fetch',
      '--progress',
      '--no-tags',
      '--no-write-fetch-head',
      '--recurse-submodules=no',
      filter,
      '--stdin',
      'origin',
    ],
    { remote: true, input: `${[...new Set(ids)].join('\n')}\n` },
  );
};

/** On the command line and never in the repository's config: a push would fetch lazily, behind our back. */
const promisor = (filter: string | undefined): readonly string[] =>
  filter === undefined ? [] : ['-c', 'remote.origin.promisor=true', '-c', `remote.origin.partialclonefilter=${filter}`];

/** Else the server thinks that we hold everything below the commits that we have, and sends nothing. */
const withoutHaves = ['-c', 'fetch.negotiationAlgorithm=noop'];

const listBranches = async ({ git }: Session): Promise<readonly string[]> =>
  [...(await git(['ls-remote', 'origin', 'refs/heads/*'], { remote: true })).matchAll(/\trefs\/heads\/(.+)$/gm)]
    .map(([, name]) => name ?? '')
    .filter((name) => name !== '');

const branchNotFound = ({ branch, remote }: Session, branches: readonly string[]): BivouacError => {
  const shown = branches.slice(0, 10).map((name) => name.slice(0, 80));
  return userError('BranchNotFound', `the GitOps repository has no branch "${branch}"; it has ${shown.join(', ')}`, {
    where: withoutCredentials(remote.url),
    remedy: 'Correct gitops.branch, or create the branch: only in an empty repository is it made by itself.',
    data: { branches: shown },
  });
};
