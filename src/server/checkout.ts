import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GitEnvironment, gitIn } from '../gitops/git/command.js';
import { checkBranch, parseRemote, type Remote, withoutCredentials } from '../gitops/git/remote.js';
import { createTemporary, removeTemporary } from '../gitops/git/temporary.js';
import { type BivouacError, isBivouacError, temporaryError, userError } from '../model/errors.js';
import type { PlatformSource } from './platform.js';

export interface CheckoutOptions {
  /** https, ssh, or an absolute path. */
  readonly url: string;
  readonly branch: string;
  readonly token?: string;
  readonly environment: GitEnvironment;
}

const ref = 'refs/bivouac/platform';
const patienceMs = 30_000;

/** A clone of the platform repository without a history, and one worktree a version; all of it below the temporary directory. */
export const platformCheckout = async (
  options: CheckoutOptions,
): Promise<PlatformSource & { close(): Promise<void> }> => {
  const { remote, branch } = checkedPlace(options);
  const { token, environment } = options;
  const directory = await createTemporary(remote, patienceMs);
  const trees = await mkdtemp(join(tmpdir(), 'bivouac-platform-'));
  const closing = new AbortController();
  const settings = { directory, remote, environment, patienceMs, closed: closing.signal };
  const git = gitIn({ ...settings, ...(token !== undefined && { token }) });
  const run = async (args: readonly string[], isRemote = false): Promise<string> => {
    try {
      return (await git(args, { remote: isRemote })).trim();
    } catch (error) {
      throw unavailable(error, options);
    }
  };
  const remove = async (place: string): Promise<void> => {
    await rm(place, { recursive: true, force: true });
    await run(['worktree', 'prune', '--verbose']);
  };
  return {
    newest: async () => {
      const what = `+refs/heads/${branch}:${ref}`;
      await run(['fetch', '--verbose', '--no-tags', '--depth=1', '--no-write-fetch-head', 'origin', what], true);
      return run(['rev-parse', '--verify', ref]);
    },
    lay: async (version) => {
      const place = await mkdtemp(join(trees, `${version.slice(0, 12)}-`));
      try {
        await run(['worktree', 'add', '--detach', '--force', place, version]);
        return place;
      } catch (error) {
        await remove(place).catch(() => undefined); // it is tried again every minute; the first failure is what is told
        throw error;
      }
    },
    remove,
    close: async () => {
      closing.abort();
      await Promise.all([removeTemporary(directory), rm(trees, { recursive: true, force: true })]);
    },
  };
};

/** Git’s own checks speak of the GitOps repository. @throws UserError InvalidRemote, InvalidBranch */
const checkedPlace = ({ url, branch }: CheckoutOptions): { readonly remote: Remote; readonly branch: string } => {
  const of = <Value>(flag: string, check: () => Value): Value => {
    try {
      return check();
    } catch (error) {
      throw isBivouacError(error) ? ofPlatform(error, flag, url) : error;
    }
  };
  return {
    remote: of('--platform-repository', () => parseRemote(url)),
    branch: of('--platform-branch', () => checkBranch(branch)),
  };
};

const ofPlatform = ({ code, message, remedy = '' }: BivouacError, flag: string, url: string): BivouacError => {
  const name = /^[\w.-]+\/[\w.-]+$/.test(url) ? url.replace(/\.git$/, '') : 'acme/platform';
  const address = `Write its address, such as https://github.com/${name}.git.`;
  const isOfToken = remedy.includes('BIVOUAC_GITOPS_TOKEN');
  const next = isOfToken ? remedy.replace('BIVOUAC_GITOPS_TOKEN', 'BIVOUAC_PLATFORM_TOKEN') : address;
  return userError(code, message.replace('no GitOps repository', 'no platform repository'), {
    where: flag,
    remedy: code === 'InvalidRemote' ? next : remedy,
  });
};

const unavailable = (error: unknown, { url, branch }: CheckoutOptions) => {
  const lines = (error instanceof Error ? error.message : String(error)).trim().split('\n');
  const said = lines.find((line) => /^(?:fatal|error): /.test(line)) ?? lines.at(-1) ?? '';
  return temporaryError('PlatformUnavailable', `the platform repository can’t be read: ${withoutCredentials(said)}`, {
    where: `${withoutCredentials(url)}, branch ${branch}`,
    remedy: 'Check --platform-repository, --platform-branch, and that BIVOUAC_PLATFORM_TOKEN may read it.',
    cause: error,
  });
};

/** A directory that somebody else keeps, as it is at the start: a change of it takes a restart. */
export const mountedDirectory = (directory: string): PlatformSource => ({
  newest: () => Promise.resolve('mounted'),
  lay: () => Promise.resolve(directory),
  remove: () => Promise.resolve(),
});
