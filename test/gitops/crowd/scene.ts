import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RepositoryFixture } from '../../git/fixture.js';
import { runGit } from '../../git/run.js';
import { startGitServer, type GitServer } from '../../git/server.js';
import type { Job } from './job.js';

/** A server with a repository, and the truths that a crowd's jobs read. */
export interface Scene {
  readonly server: GitServer;
  readonly directory: string;
  /** The branch's first commit. */
  readonly start: string;
  /** A job whose truth is this version from now on. */
  jobOf(name: string, version: string): Promise<Job>;
  setTruth(name: string, version: string): Promise<void>;
  git(...args: readonly string[]): Promise<string>;
  /** Pushes since the log was emptied, and those among them that changed nothing. */
  pushes(): Promise<{ readonly tried: number; readonly rejected: number }>;
  stop(): Promise<void>;
}

export const openScene = async (fixture: RepositoryFixture): Promise<Scene> => {
  const server = await startGitServer();
  await server.create(fixture);
  const directory = server.directory();
  await runGit(directory, ['repack', '-adfq']);
  const accepted = join(directory, 'accepted');
  await writeFile(join(directory, 'hooks', 'post-receive'), `#!/bin/sh\ncat >/dev/null\necho x >>'${accepted}'\n`, {
    mode: 0o755,
  });
  const truths = await mkdtemp(join(tmpdir(), 'truths-'));
  const fileOf = (name: string): string => join(truths, name.replace('/', '--'));
  const setTruth = (name: string, version: string): Promise<void> => writeFile(fileOf(name), version);
  return {
    server,
    directory,
    start: await runGit(directory, ['rev-parse', 'main']),
    setTruth,
    jobOf: async (name, version) => {
      await setTruth(name, version);
      return { url: server.url(), token: server.token, name, truth: fileOf(name) };
    },
    pushes: async () => {
      const landed = (await readFile(accepted, 'utf8').catch(() => '')).length / 2;
      const tried = server.log.filter(({ uri }) => uri.endsWith('info/refs?service=git-receive-pack')).length;
      return { tried, rejected: tried - landed };
    },
    git: (...args) => runGit(directory, args),
    stop: async () => {
      await server.stop();
      await rm(truths, { recursive: true, force: true });
    },
  };
};
