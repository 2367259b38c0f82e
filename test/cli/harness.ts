import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FakeGitHub, startFakeGitHub } from '../../src/demo/fake-github/server.js';
import type { WebhookAction } from '../../src/demo/fake-github/payload.js';
import { type GitServer, startGitServer } from '../git/server.js';
import { runGit } from '../git/run.js';

const root = join(import.meta.dirname, '..', '..');
const program = join(root, 'dist/cli/main.js'); // built once before all suites

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Job {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdin?: string;
}

/** Runs the command line as a process of its own, with no variables but PATH and those given. */
export const bivouac = (args: readonly string[], { cwd, env = {}, stdin = '' }: Job): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], { cwd, env: { PATH: process.env['PATH'], ...env } });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
    child.stdin.end(stdin);
  });

export const head = '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d';
export const nextHead = '2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e';

/** A platform in a folder, a GitOps repository behind real git over HTTP, and a GitHub that remembers. */
export interface World {
  readonly platform: string;
  readonly git: GitServer;
  readonly github: FakeGitHub;
  /** Variables of a GitHub Actions job, its event file written. */
  event(number: number, action: WebhookAction, label?: string): Promise<Readonly<Record<string, string>>>;
  run(args: readonly string[], env?: Readonly<Record<string, string | undefined>>, stdin?: string): Promise<Ended>;
  editConfig(from: string | RegExp, to: string): Promise<void>;
  /** Paths on the branch, sorted. */
  files(): Promise<readonly string[]>;
  read(path: string): Promise<string>;
  commits(): Promise<number>;
  end(): Promise<void>;
}

export async function createWorld(): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'bivouac-world-'));
  const platform = join(folder, 'platform');
  const [git, github] = await Promise.all([startGitServer(), startFakeGitHub()]);
  await git.create();
  await mkdir(join(platform, 'charts'), { recursive: true });
  await cp(join(root, 'charts/shop.ts'), join(platform, 'charts/shop.ts'));
  const sample = await readFile(join(root, 'bivouac.yaml'), 'utf8');
  await writeFile(join(platform, 'bivouac.yaml'), sample.replace('.bivouac/gitops.git', git.url()));
  const built = await bivouac(['build'], { cwd: platform });
  if (built.code !== 0) throw new Error(built.stderr);

  const secrets = { BIVOUAC_GITOPS_TOKEN: git.token, GITHUB_TOKEN: github.token, GITHUB_API_URL: github.url };
  const inBranch = (args: readonly string[]) => runGit(git.directory(), args);
  return {
    platform,
    git,
    github,
    event: async (number, action, label) => {
      const path = join(folder, `event-${action}.json`);
      await writeFile(path, JSON.stringify(github.payload(number, action, label)));
      return {
        CI: 'true',
        GITHUB_ACTIONS: 'true',
        GITHUB_EVENT_NAME: 'pull_request',
        GITHUB_EVENT_PATH: path,
        GITHUB_REPOSITORY: 'acme/shop',
      };
    },
    run: (args, env = {}, stdin) =>
      bivouac(args, { cwd: platform, env: { ...secrets, ...env }, ...(stdin !== undefined && { stdin }) }),
    editConfig: async (from, to) => {
      const file = join(platform, 'bivouac.yaml');
      await writeFile(file, (await readFile(file, 'utf8')).replace(from, to));
    },
    files: async () =>
      (await inBranch(['ls-tree', '-r', '--name-only', 'main']).catch(() => ''))
        .split('\n')
        .filter((path) => path !== ''),
    read: (path) => inBranch(['show', `main:${path}`]),
    commits: async () => Number((await inBranch(['rev-list', '--count', 'main']).catch(() => '0')).trim()),
    end: async () => {
      await Promise.all([git.stop(), github.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
