import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FakeGitHub } from '../../src/demo/fake-github/server.js';
import type { WebhookAction } from '../../src/demo/fake-github/payload.js';
import { startJudgedGitHub } from '../contract/judged.js';
import { type GitServer, startGitServer } from '../git/server.js';
import { runGit } from '../git/run.js';

const root = join(import.meta.dirname, '..', '..');
export const program = join(root, 'dist/cli/main.cjs'); // built once before all suites

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Job {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdin?: string;
  /** Node's own, such as `--import`. */
  readonly node?: readonly string[];
}

/** Runs the command line as a process of its own, with no variables but PATH and those given. */
export const bivouac = (args: readonly string[], { cwd, env = {}, stdin = '', node = [] }: Job): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...node, program, ...args], {
      cwd,
      env: { PATH: process.env['PATH'], ...env },
      timeout: 60_000,
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
    child.stdin.on('error', () => undefined); // it may have ended without reading
    child.stdin.end(stdin);
  });

export const head = '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d';
export const nextHead = '2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e';

const workflowToken = {
  account: { login: 'github-actions[bot]', id: 41_898_282, type: 'Bot' },
  kind: 'installation',
  permissions: { contents: 'read', pullRequests: 'write', deployments: 'write', statuses: 'write' },
} as const;

/** A platform in a folder, a GitOps repository behind real git over HTTP, and a GitHub that remembers. */
export interface World {
  readonly platform: string;
  readonly git: GitServer;
  readonly github: FakeGitHub;
  /** What every run gets beside its own variables. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Variables of a GitHub Actions job, its event file written. */
  event(number: number, action: WebhookAction, label?: string): Promise<Readonly<Record<string, string>>>;
  /** Any other event, its payload as it is. */
  eventOf(name: string, payload: unknown): Promise<Readonly<Record<string, string>>>;
  /** Throws when a token shows in what was printed, in whatever form. */
  run(args: readonly string[], env?: Readonly<Record<string, string | undefined>>, stdin?: string): Promise<Ended>;
  editConfig(from: string | RegExp, to: string): Promise<void>;
  configuration(): Promise<string>;
  /** Another configuration beside `bivouac.yaml`, made from it; gives its name for `--config`. */
  configure(edit: (yaml: string) => string): Promise<string>;
  /** A chart of its own beside `charts/shop.ts`; gives its path for a configuration. */
  writeChart(source: string): Promise<string>;
  /** Paths on the branch, sorted. */
  files(): Promise<readonly string[]>;
  read(path: string): Promise<string>;
  commits(): Promise<number>;
  /** Of the branch; empty where there is none. */
  tree(repository?: string): Promise<string>;
  /** What commands left in the folder for temporary files. */
  leftovers(): Promise<readonly string[]>;
  end(): Promise<void>;
}

export const gitToken = 'canary-git+t0ken/5f2d9c==';
export const githubToken = 'canary-hub_t0ken&7a1e44';

export async function createWorld(): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'bivouac-world-'));
  const platform = join(folder, 'platform');
  const temporary = join(folder, 'tmp');
  const [git, github] = await Promise.all([
    startGitServer({ token: gitToken }),
    startJudgedGitHub({ tokens: { [githubToken]: workflowToken } }),
  ]);
  await git.create();
  await mkdir(temporary);
  await mkdir(join(platform, 'charts'), { recursive: true });
  await cp(join(root, 'charts/shop.ts'), join(platform, 'charts/shop.ts'));
  const sample = await readFile(join(root, 'bivouac.yaml'), 'utf8');
  await writeFile(join(platform, 'bivouac.yaml'), sample.replace('.bivouac/gitops.git', git.url()));
  const built = await bivouac(['build'], { cwd: platform });
  if (built.code !== 0) throw new Error(built.stderr);

  const secrets = {
    BIVOUAC_GITOPS_TOKEN: git.token,
    GITHUB_TOKEN: github.token,
    GITHUB_API_URL: github.url,
    TMPDIR: temporary,
  };
  const inBranch = (args: readonly string[]) => runGit(git.directory(), args);
  let count = 0;
  const job = async (name: string, payload: unknown) => {
    const path = join(folder, `event-${++count}.json`);
    await writeFile(path, JSON.stringify(payload));
    return {
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_EVENT_NAME: name,
      GITHUB_EVENT_PATH: path,
      GITHUB_REPOSITORY: 'acme/shop',
    };
  };
  return {
    platform,
    git,
    github,
    secrets,
    event: (number, action, label) => job('pull_request', github.payload(number, action, label)),
    eventOf: job,
    run: async (args, env = {}, stdin) => {
      const ended = await bivouac(args, {
        cwd: platform,
        env: { ...secrets, ...env },
        ...(stdin !== undefined && { stdin }),
      });
      const leaked = leaksIn(ended.stdout + ended.stderr);
      if (leaked.length > 0) throw new Error(`bivouac ${args.join(' ')} shows ${leaked.join(', ')}`);
      return ended;
    },
    editConfig: async (from, to) => {
      const file = join(platform, 'bivouac.yaml');
      await writeFile(file, (await readFile(file, 'utf8')).replace(from, to));
    },
    configuration: () => readFile(join(platform, 'bivouac.yaml'), 'utf8'),
    configure: async (edit) => {
      const name = `bivouac-${++count}.yaml`;
      const yaml = await readFile(join(platform, 'bivouac.yaml'), 'utf8');
      await writeFile(join(platform, name), edit(yaml));
      return name;
    },
    writeChart: async (source) => {
      const name = `charts/chart-${++count}.ts`;
      await writeFile(join(platform, name), source);
      return name;
    },
    files: async () =>
      (await inBranch(['ls-tree', '-r', '--name-only', 'main']).catch(() => ''))
        .split('\n')
        .filter((path) => path !== ''),
    read: (path) => inBranch(['show', `main:${path}`]),
    commits: async () => Number((await inBranch(['rev-list', '--count', 'main']).catch(() => '0')).trim()),
    tree: (repository) =>
      runGit(git.directory(repository), ['rev-parse', '--verify', '--quiet', 'main^{tree}']).catch(() => ''),
    leftovers: () => readdir(temporary),
    end: async () => {
      await Promise.all([git.stop(), github.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Every form a token may travel in; `x-access-token:` is the user that it goes to Git under. */
const formsOf = (token: string): Readonly<Record<string, string>> => {
  const bytes = Buffer.from(token);
  return {
    raw: token,
    URL: encodeURIComponent(token),
    base64: bytes.toString('base64').replace(/=+$/, ''),
    'base64 of the header': Buffer.from(`x-access-token:${token}`).toString('base64').replace(/=+$/, ''),
    base64url: bytes.toString('base64url'),
    hex: bytes.toString('hex'),
  };
};

/** Which tokens of a world show in a text, and in which form. */
export const leaksIn = (text: string): readonly string[] =>
  Object.entries({ gitToken, githubToken }).flatMap(([name, token]) =>
    Object.entries(formsOf(token))
      .filter(([, form]) => text.toLowerCase().includes(form.toLowerCase()))
      .map(([form]) => `${name} (${form})`),
  );

/** Runs work over items, a few at a time: each starts processes, and there are few cores. */
export async function together<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index]!);
  };
  await Promise.all([lane(), lane(), lane()]);
  return results;
}
