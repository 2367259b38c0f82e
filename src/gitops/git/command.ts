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

/** Prints objects, whose bytes need not be text: `git cat-file`. @throws GitFailure */
export type PrintObjects = (args: readonly string[], input?: string) => Promise<Buffer>;

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
  /** How long the remote may be silent, or nearly so; milliseconds. */
  readonly patienceMs: number;
  /** Ends every git at once. */
  readonly closed: AbortSignal;
}

const inheritedByHttps = [
  'PATH',
  'GIT_SSL_CAINFO',
  'GIT_PROXY_SSL_CAINFO',
  'HTTPS_PROXY',
  'https_proxy',
  'ALL_PROXY',
  'all_proxy',
  'NO_PROXY',
  'no_proxy',
];
const inheritedBySsh = ['PATH', 'SSH_AUTH_SOCK', 'GIT_SSH', 'GIT_SSH_COMMAND'];
const own = ['GIT_TERMINAL_PROMPT', 'GIT_CONFIG_NOSYSTEM'];
/** Of the patience: git itself ends a silent transfer after one and leaves no process, a silent git ends after a half more, any git after three. */
const bounds = { silent: 1.5, whole: 3 } as const;

/** The only door to simple-git; it starts processes and does nothing else. */
export const gitIn = (options: GitOptions): Git => {
  const variables = environmentOf(options);
  const authorization = authorizationOf(options);
  return async (args, { input, remote = false } = {}) => {
    const secret = remote && authorization !== undefined ? { BIVOUAC_GIT_AUTH: `Authorization: ${authorization}` } : {};
    const header = 'BIVOUAC_GIT_AUTH' in secret ? ['--config-env=http.extraHeader=BIVOUAC_GIT_AUTH'] : [];
    const git = simpleGit(settingsOf(options, input));
    try {
      return await git.env({ ...variables, ...secret }).raw([...header, ...args]);
    } catch (error) {
      throw failureOf(error, remote);
    }
  };
};

/** `raw` gives text, and whatever isn't UTF-8 would change on the way. */
export const printObjectsIn = (options: GitOptions): PrintObjects => {
  const variables = environmentOf(options);
  return async (args, input) => {
    const git = simpleGit(settingsOf(options, input));
    try {
      return (await git.env(variables).binaryCatFile([...args])) as Buffer;
    } catch (error) {
      throw failureOf(error, false);
    }
  };
};

/** The value of the header that carries the token; any user name will do on GitHub, GitLab and Gitea. */
export const authorizationOf = ({ remote, token }: Pick<GitOptions, 'remote' | 'token'>): string | undefined =>
  token === undefined || token === '' || (remote.kind !== 'https' && remote.kind !== 'http')
    ? undefined
    : `Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`;

const settingsOf = (
  { directory, remote, patienceMs, closed }: GitOptions,
  input: string | undefined,
): Partial<SimpleGitOptions> => ({
  baseDir: directory,
  maxConcurrentProcesses: 1,
  timeout: { block: bounds.silent * patienceMs },
  abort: AbortSignal.any([closed, AbortSignal.timeout(bounds.whole * patienceMs)]),
  completion: { onClose: true, onExit: 500 }, // false never settles after a timeout, 50 loses output, 2000 keeps Node alive
  errors: strict,
  allowEnvironment: [...inheritedBy(remote), ...own],
  unsafe: { allowUnsafeSshCommand: remote.kind === 'ssh' },
  ...(input !== undefined && { input: () => input }),
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
  const plugin = error instanceof GitPluginError ? error.plugin : undefined;
  if (plugin === 'abort') return new GitFailure('git was stopped, or took too long', { ended: 'timeout', remote });
  return new GitFailure(text, { ended: plugin === 'timeout' ? 'timeout' : 'exit', remote });
};
