import { GitError, GitPluginError, simpleGit, type SimpleGitOptions } from 'simple-git';
import type { Remote } from './remote.js';

/** What git and proxies may inherit; the adapter takes from it by name only. */
export type GitEnvironment = Readonly<Record<string, string | undefined>>;

export interface GitCall {
  /** Standard input; at least one byte. */
  readonly input?: string;
  /** A call that talks to the remote gets the credential. @default false */
  readonly remote?: boolean;
}

/** Starts one git with a fixed argument vector and gives its standard output. @throws GitFailure */
export type Git = (args: readonly string[], call?: GitCall) => Promise<string>;

/** A git that didn't end with 0. Its text is for people; meaning comes from the state of the remote. */
export class GitFailure extends Error {
  override readonly name = 'GitFailure';
  readonly ended: 'exit' | 'timeout' | 'missing';
  /** Whether it talked to the remote. */
  readonly remote: boolean;

  constructor(output: string, { ended, remote }: Pick<GitFailure, 'ended' | 'remote'>) {
    super(output);
    this.ended = ended;
    this.remote = remote;
  }
}

export interface GitOptions {
  /** The temporary repository: working directory and HOME, which keeps out the user's configuration and `.netrc`. */
  readonly directory: string;
  readonly remote: Remote;
  readonly token?: string;
  readonly environment: GitEnvironment;
}

const inheritedByHttps = [
  'PATH',
  'GIT_SSL_CAINFO',
  'GIT_PROXY_SSL_CAINFO',
  'HTTPS_PROXY',
  'https_proxy',
  'NO_PROXY',
  'no_proxy',
];
const inheritedBySsh = ['PATH', 'SSH_AUTH_SOCK', 'GIT_SSH', 'GIT_SSH_COMMAND'];
const own = ['GIT_TERMINAL_PROMPT', 'GIT_CONFIG_NOSYSTEM'];
/** Milliseconds; longer than `http.lowSpeedTime`, so that git ends a silent transfer itself and leaves no process. */
const silenceMs = 90_000;

/** The only door to simple-git; it starts processes and does nothing else. */
export const gitIn = (options: GitOptions): Git => {
  const variables = environmentOf(options);
  const authorization = authorizationOf(options);
  return async (args, { input, remote = false } = {}) => {
    const secret = remote && authorization !== undefined ? { BIVOUAC_GIT_AUTH: `Authorization: ${authorization}` } : {};
    const header = 'BIVOUAC_GIT_AUTH' in secret ? ['--config-env=http.extraHeader=BIVOUAC_GIT_AUTH'] : [];
    const git = simpleGit({ ...settingsOf(options), ...(input !== undefined && { input: () => input }) });
    try {
      return await git.env({ ...variables, ...secret }).raw([...header, ...args]);
    } catch (error) {
      throw failureOf(error, remote);
    }
  };
};

/** The value of the header that carries the token; any user name will do on GitHub, GitLab and Gitea. */
export const authorizationOf = ({ remote, token }: Pick<GitOptions, 'remote' | 'token'>): string | undefined =>
  token === undefined || token === '' || (remote.kind !== 'https' && remote.kind !== 'http')
    ? undefined
    : `Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`;

const settingsOf = ({ directory, remote }: GitOptions): Partial<SimpleGitOptions> => ({
  baseDir: directory,
  maxConcurrentProcesses: 1,
  timeout: { block: silenceMs },
  completion: { onClose: true, onExit: 500 }, // false never settles after a timeout, 50 loses output, 2000 keeps Node alive
  errors: strict,
  allowEnvironment: [...inheritedBy(remote), ...own],
  unsafe: { allowUnsafeSshCommand: remote.kind === 'ssh' },
});

const inheritedBy = ({ kind }: Remote): readonly string[] => (kind === 'ssh' ? inheritedBySsh : inheritedByHttps);

const environmentOf = ({ directory, remote, environment }: GitOptions): Record<string, string> => {
  const inherited = Object.fromEntries(
    inheritedBy(remote).flatMap((key) => (environment[key] === undefined ? [] : [[key, environment[key]]])),
  );
  const asks = remote.kind === 'ssh' && inherited['GIT_SSH'] === undefined; // ssh would ask for a pass phrase and wait
  return {
    ...(asks && { GIT_SSH_COMMAND: 'ssh -o BatchMode=yes' }),
    ...inherited,
    HOME: directory,
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_NOSYSTEM: '1',
  };
};

/** simple-git takes a non-zero exit without text for a success, a killed child included. */
const strict: NonNullable<SimpleGitOptions['errors']> = (error, { exitCode, stdOut, stdErr }) =>
  exitCode === 0 || error instanceof GitPluginError
    ? error
    : new GitError(undefined, Buffer.concat([...stdOut, ...stdErr]).toString() || `git ended with ${exitCode}`);

const failureOf = (error: unknown, remote: boolean): GitFailure => {
  const text = error instanceof Error ? error.message : String(error);
  if (/spawn git ENOENT/.test(text)) return new GitFailure(text, { ended: 'missing', remote });
  const timeout = error instanceof GitPluginError && error.plugin === 'timeout';
  return new GitFailure(text, { ended: timeout ? 'timeout' : 'exit', remote });
};
