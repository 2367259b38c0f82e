import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { readdir } from 'node:fs/promises';
import { isBivouacError, type BivouacError } from '../../src/model/errors.js';
import type { FileTree } from '../../src/model/manifest.js';
import { parseId } from '../../src/model/names.js';
import { openGitRepository, type GitRepositoryOptions } from '../../src/gitops/git/repository.js';
import type { GitOpsRepository } from '../../src/gitops/port.js';
import { publish } from '../../src/gitops/publish.js';
import type { RepositoryFixture } from '../git/fixture.js';
import { runGit } from '../git/run.js';
import { startGitServer, type GitServer } from '../git/server.js';
import { change, fakeClock } from './support.js';

export const canary = 'canary-t0ken-5f2d9c';
export const at = new Date(Date.UTC(2026, 10, 23, 10, 4, 5));

/** A real server for a suite, and a fresh repository's name for each of its tests. */
export interface GitStage {
  server(): GitServer;
  /** Opens the test's repository, with the right token unless told; closed after the test. */
  open(more?: Partial<GitRepositoryOptions>): GitOpsRepository;
  openWithoutToken(): GitOpsRepository;
  create(fixture?: RepositoryFixture): Promise<void>;
  directory(): string;
  git(...args: readonly string[]): Promise<string>;
  /** Undefined: nothing is there. */
  treeAt(path: string): Promise<string | undefined>;
}

export const gitStage = (): GitStage => {
  let server: GitServer;
  let opened: GitOpsRepository[] = [];
  let number = 0;
  const name = (): string => `gitops-${number}`;
  beforeAll(async () => {
    server = await startGitServer({ token: canary });
  });
  afterAll(() => server.stop());
  beforeEach(() => {
    number += 1;
    server.setFault(undefined);
  });
  afterEach(async () => {
    await Promise.all(opened.map((each) => each.close()));
    opened = [];
  });

  const keep = (repository: GitOpsRepository): GitOpsRepository => {
    opened.push(repository);
    return repository;
  };
  const settings = () => ({
    url: server.url(name()),
    branch: 'main',
    environment: { PATH: process.env['PATH'] },
    identity: { name: 'Bivouac', email: 'bivouac@example.com' },
  });
  const directory = (): string => server.directory(name());
  const git = (...args: readonly string[]): Promise<string> => runGit(directory(), args);
  return {
    server: () => server,
    open: (more = {}) => keep(openGitRepository({ ...settings(), token: canary, ...more })),
    openWithoutToken: () => keep(openGitRepository(settings())),
    create: async (fixture = {}) => {
      await server.create(fixture, name());
      server.log.length = 0;
    },
    directory,
    git,
    treeAt: (path) => git('rev-parse', `main:${path}`).catch(() => undefined),
  };
};

/** Publishes one environment; no files: removes it. */
export const put = (repository: GitOpsRepository, name: string, files: FileTree) =>
  publish(repository, () => Promise.resolve({ plan: '', changes: [change(name, files)] }), {
    ids: [parseId(name)],
    clock: fakeClock(),
  });

/** What is wrong with a repository after all that was pushed: broken or dangling objects, merges, locks left behind. */
export const faultsOf = async (stage: GitStage): Promise<readonly string[]> => {
  const broken = await stage.git('fsck', '--strict', '--no-dangling').catch(String);
  const parents = (await stage.git('rev-list', '--parents', 'main')).split('\n');
  const files = await readdir(stage.directory(), { recursive: true });
  return [
    ...broken.split('\n').filter((line) => line !== ''),
    ...parents.filter((line) => line.split(' ').length > 2).map((line) => `merge ${line}`),
    ...files.filter((path) => path.endsWith('.lock')),
  ];
};

/** The error of ours that a promise ends with. */
export const failure = async (run: Promise<unknown>): Promise<BivouacError> => {
  const error = await run.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isBivouacError(error)) throw new Error(`expected one of our errors, got ${String(error)}`);
  return error;
};
