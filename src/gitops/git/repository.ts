import { mkdir, stat } from 'node:fs/promises';
import { userError } from '../../model/errors.js';
import type { GitOpsRepository } from '../port.js';
import { classify, type Circumstances } from './classify.js';
import { authorizationOf, gitIn, GitFailure, type Git, type GitEnvironment } from './command.js';
import { buildCommit } from './commit.js';
import type { Identity } from './fast-import.js';
import { firstRung, type Rung, type Session } from './fetch.js';
import { pushCommit } from './push.js';
import { readRecords, readSlice } from './read.js';
import { checkBranch, parseRemote, type Remote } from './remote.js';
import { createTemporary, removeTemporary, sweepTemporaries } from './temporary.js';

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

  const within = async <Result>(use: (workspace: Workspace) => Promise<Result>): Promise<Result> => {
    opened ??= openWorkspace(options, remote);
    const workspace = await opened;
    try {
      const result = use(workspace);
      result.catch(() => undefined); // a git that is too old explains whatever else fails
      await workspace.checked;
      return await result;
    } catch (error) {
      throw classify(error, circumstancesOf({ ...options, remote, branch, directory: workspace.directory }));
    }
  };

  return {
    read: (ids) => within(({ session }) => readSlice(session, ids)),
    readAll: () => within(({ session }) => readRecords(session)),
    commit: (base, changes, at) =>
      within(({ session }) => buildCommit(session.git, base, { changes, stamp: { identity: options.identity, at } })),
    push: (commit) => within(({ session }) => pushCommit(session, commit)),
    close: async () => {
      const workspace = await opened?.catch(() => undefined);
      opened = undefined;
      if (workspace === undefined) return;
      await workspace.swept;
      await removeTemporary(workspace.directory);
    },
  };
};

interface Workspace {
  readonly directory: string;
  readonly session: Session;
  /** Rejects when git is missing or too old; runs beside the first read. */
  readonly checked: Promise<void>;
  readonly swept: Promise<void>;
}

const openWorkspace = async (options: GitRepositoryOptions, remote: Remote): Promise<Workspace> => {
  const { branch, token, environment, rung = firstRung(remote) } = options;
  const directory = await createTemporary(remote);
  const git = gitIn({ directory, remote, environment, ...(token !== undefined && { token }) });
  try {
    if (remote.kind === 'file') await expectRepository(git, remote.url, options);
  } catch (error) {
    await removeTemporary(directory);
    throw classify(error, circumstancesOf({ ...options, remote, directory }));
  }
  const checked = checkVersion(git);
  checked.catch(() => undefined);
  const swept = sweepTemporaries(directory).catch(() => undefined);
  return { directory, session: { git, remote, branch, rung, held: new Set(), recordsRead: false }, checked, swept };
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

const oldest: readonly [number, number] = [2, 36];

const checkVersion = async (git: Git): Promise<void> => {
  const text = (await git(['version'])).trim();
  const [major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(text) ?? []).slice(1).map(Number);
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return;
  throw userError('GitTooOld', `${text.slice(0, 60)} is older than ${oldest.join('.')}`, {
    remedy: `Install git ${oldest.join('.')} or newer.`,
  });
};
