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
import { readRecords, readSlice } from './read.js';
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
  /** Makes a local bare repository where there is none. @default false */
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
  return {
    read: (ids) => within(({ session }) => readSlice(session, ids)),
    readAll: () => within(({ session }) => readRecords(session)),
    manifestsAt: (revision, id) => within(({ session }) => manifestsIn(session, revision, id)),
    commit: (base, changes, at) =>
      within(({ session }) => buildCommit(session, base, { changes, stamp: { identity: options.identity, at } })),
    push: (commit, overtaken) => within(({ session }) => pushCommit(session, commit, overtaken)),
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
    if (remote.kind === 'file') await expectRepository(git, remote.url, options);
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

const expectRepository = async (
  git: Git,
  path: string,
  { branch, create = false }: GitRepositoryOptions,
): Promise<void> => {
  const isThere = await Promise.any([stat(`${path}/objects`), stat(`${path}/.git`)]).then(
    () => true,
    () => false,
  );
  if (isThere) return;
  if (!create)
    throw userError('RepositoryNotFound', `there is no Git repository at ${path}`, {
      where: 'gitops.repository',
      remedy: `Create it: git init --bare ${path}`,
    });
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
