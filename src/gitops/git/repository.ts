import { mkdir, stat } from 'node:fs/promises';
import { userError, temporaryError } from '../../model/errors.js';
import type { GitOpsRepository } from '../port.js';
import { classify, type Circumstances } from './classify.js';
import { authorizationOf, gitIn, GitFailure, printObjectsIn, type Git, type GitEnvironment } from './command.js';
import { buildCommit } from './commit.js';
import type { Identity } from './fast-import.js';
import { firstRung, type Rung, type Session } from './fetch.js';
import { objectStore } from './objects.js';
import { pushCommit } from './push.js';
import { openQueue } from './queue.js';
import { manifestsReader } from './manifests-at.js';
import { emptyBase, readRecords, readSlice } from './read.js';
import { checkBranch, parseRemote, type Remote } from './remote.js';
import { createTemporary, removeTemporary, sweepTemporaries } from './temporary.js';
import { explain } from './version.js';

export interface GitRepositoryOptions {
  /** https, ssh, or an absolute path. */
  readonly url: string;
  readonly branch: string;
  /** Sent as a header over https alone; in no file, argument or message. */
  readonly token?: string;
  /** What git and proxies may inherit: PATH, proxies, GIT_SSL_CAINFO; with ssh SSH_AUTH_SOCK, GIT_SSH_COMMAND. */
  readonly environment: GitEnvironment;
  /** How much the first read asks for. @default 'c' on github.com, else 'a' */
  readonly rung?: Rung;
  readonly identity: Identity;
  /** How long the remote may be silent, or nearly so, before git gives up; no git takes three times as long. Milliseconds. @default 60000 */
  readonly patienceMs?: number;
  /** Where there is no local repository: reads find nothing, and the first push makes a bare one. @default false */
  readonly create?: boolean;
}

/**
 * The GitOps repository through git, without clone or checkout. Nothing happens before the first read.
 * @throws UserError InvalidRemote, InvalidBranch
 */
export const openGitRepository = (options: GitRepositoryOptions): GitOpsRepository => {
  const remote = parseRemote(options.url);
  const branch = checkBranch(options.branch);
  let opened: Promise<Workspace> | undefined;
  const closing = new AbortController();

  const within = async <Result>(use: (workspace: Workspace) => Promise<Result>): Promise<Result> => {
    if (opened === undefined && closing.signal.aborted)
      throw temporaryError('RemoteUnavailable', 'the connection to the GitOps repository was closed');
    opened ??= openWorkspace(options, { remote, closed: closing.signal });
    const workspace = await opened;
    try {
      return await use(workspace);
    } catch (error) {
      throw classify(
        await explain(error, workspace.session.git),
        circumstancesOf({ ...options, remote, branch, directory: workspace.directory }),
      );
    }
  };

  const manifestsIn = manifestsReader();
  /** A local repository that would be made: by the first push, so that who only reads leaves nothing behind. */
  const isToBeMade = async () => options.create === true && remote.kind === 'file' && !(await isRepository(remote.url));
  return {
    read: (ids) => within(async ({ session }) => ((await isToBeMade()) ? emptyBase : readSlice(session, ids))),
    readAll: () => within(async ({ session }) => ((await isToBeMade()) ? emptyBase : readRecords(session))),
    manifestsAt: (revision, id) =>
      within(async ({ session }) => ((await isToBeMade()) ? undefined : manifestsIn(session, revision, id))),
    commit: (base, changes, at) =>
      within(({ session }) => buildCommit(session, base, { changes, stamp: { identity: options.identity, at } })),
    push: (commit, overtaken) =>
      within(async ({ session }) => {
        if (commit.tip !== undefined && (await isToBeMade())) await makeRepository(session.git, remote.url, branch);
        return pushCommit(session, commit, overtaken);
      }),
    queue: openQueue(options, within),
    close: async () => {
      closing.abort();
      const workspace = await opened?.catch(() => undefined);
      if (workspace === undefined) return;
      await workspace.swept;
      await removeTemporary(workspace.directory);
    },
  };
};

const defaultPatienceMs = 60_000;

interface Workspace {
  readonly directory: string;
  readonly session: Session;
  readonly swept: Promise<void>;
}

const openWorkspace = async (
  options: GitRepositoryOptions,
  { remote, closed }: { readonly remote: Remote; readonly closed: AbortSignal },
): Promise<Workspace> => {
  const { branch, token, environment, rung = firstRung(remote), patienceMs = defaultPatienceMs } = options;
  const directory = await createTemporary(remote, patienceMs);
  const settings = { directory, remote, environment, patienceMs, closed, ...(token !== undefined && { token }) };
  const git = gitIn(settings);
  try {
    if (remote.kind === 'file' && options.create !== true) await expectRepository(remote.url);
  } catch (error) {
    await removeTemporary(directory);
    throw classify(error, circumstancesOf({ ...options, remote, directory }));
  }
  const swept = sweepTemporaries(directory).catch(() => undefined);
  const objects = objectStore(printObjectsIn(settings));
  const session = { git, objects, directory, remote, branch, rung, held: new Set<string>(), reads: 0 };
  return { directory, session, swept };
};

const circumstancesOf = (
  of: GitRepositoryOptions & { readonly remote: Remote; readonly directory: string },
): Circumstances => {
  const { remote, branch, directory, token = '' } = of;
  const authorization = authorizationOf({ remote, token }) ?? '';
  return {
    remote,
    branch,
    directory,
    secrets: [authorization, authorization.slice('Basic '.length), encodeURIComponent(token), token],
  };
};

const isRepository = (path: string): Promise<boolean> =>
  Promise.any([stat(`${path}/objects`), stat(`${path}/.git`)]).then(
    () => true,
    () => false,
  );

const expectRepository = async (path: string): Promise<void> => {
  if (await isRepository(path)) return;
  throw userError('RepositoryNotFound', `there is no Git repository at ${path}`, {
    where: 'gitops.repository',
    remedy: `Create it: git init --bare ${path}`,
  });
};

const makeRepository = async (git: Git, path: string, branch: string): Promise<void> => {
  try {
    await mkdir(path, { recursive: true });
    await git(['init', '--bare', `--initial-branch=${branch}`, path]);
  } catch (error) {
    if (error instanceof GitFailure && error.ended === 'missing') throw error;
    throw userError('RepositoryNotCreated', `no Git repository can be made at ${path}`, {
      where: 'gitops.repository',
      remedy: 'Make the directory writable, or name another one.',
      cause: error,
    });
  }
};
