import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WebhookAction } from '../../src/demo/fake-github/payload.js';
import type { FakeGitHub } from '../../src/demo/fake-github/server.js';
import { bivouac, githubToken, gitToken, leaksIn } from '../cli/harness.js';
import { startJudgedGitHub } from '../contract/judged.js';
import { runGit } from '../git/run.js';
import { type GitServer, startGitServer } from '../git/server.js';
import { type Ran, type Run, runAct } from './act.js';
import { standIns } from './stand-ins.js';

const root = join(import.meta.dirname, '..', '..');

/** Of the workflows: what stands for a commit there. */
const placeholder = 'acme/bivouac@0000000000000000000000000000000000000000';

/** An application's repository with the shipped workflows in it, what they run on, and whom they talk to. */
export interface Place {
  readonly git: GitServer;
  readonly github: FakeGitHub;
  /** One run of `environment.yml`. Throws when a token shows in its log. */
  readonly event: (number: number, action: WebhookAction) => Promise<Ran>;
  /** One run of `environment-from-platform.yml`; who checks out the platform and gives tokens is stood in for. */
  readonly targetEvent: (number: number, action: WebhookAction) => Promise<Ran>;
  readonly targetSchedule: () => Promise<Ran>;
  /** One run of `sweep.yml`. */
  readonly schedule: () => Promise<Ran>;
  readonly files: () => Promise<readonly string[]>;
  readonly end: () => Promise<void>;
}

export const createPlace = async (tool: string): Promise<Place> => {
  const folder = await mkdtemp(join(tmpdir(), 'bivouac-act-'));
  const checkout = join(folder, 'shop');
  const action = join(folder, 'action');
  const [git, github] = await Promise.all([
    startGitServer({ token: gitToken }),
    startJudgedGitHub({ tokens: { [githubToken]: workflowToken } }),
  ]);
  const platform = join(folder, 'platform');
  const [commit] = await Promise.all([makeCheckout(checkout, git.url()), git.create(), downloadAction(action)]);
  await cp(checkout, platform, { recursive: true });
  await runGit(platform, ['remote', 'set-url', 'origin', 'https://github.com/acme/platform.git']);
  github.putRef('main', commit);
  const run = async (given: Pick<Run, 'workflow' | 'event' | 'payload'> & Partial<Run>): Promise<Ran> => {
    const ran = await runAct(tool, {
      cwd: checkout,
      secrets: { GITHUB_TOKEN: githubToken, GITOPS_TOKEN: gitToken },
      ...given,
      env: { GITHUB_API_URL: github.url, ...given.env },
      actions: { [placeholder]: action, ...given.actions },
    });
    const leaked = leaksIn(ran.log);
    if (leaked.length > 0) throw new Error(`the log of ${given.workflow} shows ${leaked.join(', ')}`);
    return ran;
  };
  const workflow = 'environment-from-platform';
  const targetRun = async (event: string, payload: object): Promise<Ran> => {
    const cwd = await mkdtemp(join(folder, 'application-'));
    await cp(join(root, 'templates/github-actions'), join(cwd, '.github/workflows'), { recursive: true });
    await commitAll(cwd, 'https://github.com/acme/shop.git');
    const sources = { checkout: platform, token: gitToken };
    const file = join(cwd, '.github/workflows', `${workflow}.yml`);
    const secrets = { GITHUB_TOKEN: githubToken };
    return run({
      ...{ cwd, workflow, event, payload, secrets },
      ...(await standIns(join(folder, 'stand-ins'), file, sources)),
    });
  };
  return {
    git,
    github,
    event: (number, does) =>
      run({ workflow: 'environment', event: 'pull_request', payload: github.payload(number, does) }),
    schedule: () => run({ workflow: 'sweep', event: 'schedule', payload }),
    targetEvent: (number, does) => targetRun('pull_request_target', github.payload(number, does)),
    targetSchedule: () => targetRun('schedule', payload),
    files: async () =>
      (await runGit(git.directory(), ['ls-tree', '-r', '--name-only', 'main']).catch(() => ''))
        .split('\n')
        .filter((path) => path !== ''),
    end: async () => {
      await Promise.all([git.stop(), github.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
};

const payload = { schedule: '23 * * * *' };

/** What `permissions` of the workflows give to the job's own token. */
const workflowToken = {
  account: { login: 'github-actions[bot]', id: 41_898_282, type: 'Bot' },
  kind: 'installation',
  permissions: { contents: 'read', pullRequests: 'write', deployments: 'write' },
} as const;

/** What a runner downloads: what is committed, hence nothing that was installed or built. */
const downloadAction = async (folder: string): Promise<void> => {
  for (const part of ['action.yml', 'action', 'package.json', 'bivouac.yaml', 'charts', 'src/model'])
    await cp(join(root, part), join(folder, part), { recursive: true });
  await commitAll(folder, 'https://github.com/acme/bivouac.git');
};

/** Application, charts and configuration in one repository, its charts built, so that `npm ci` has nothing to install. Gives its commit. */
const makeCheckout = async (folder: string, gitops: string): Promise<string> => {
  await cp(join(root, 'charts/shop.ts'), join(folder, 'charts/shop.ts'));
  const sample = await readFile(join(root, 'bivouac.yaml'), 'utf8');
  await writeFile(join(folder, 'bivouac.yaml'), sample.replace('.bivouac/gitops.git', gitops));
  const built = await bivouac(['build'], { cwd: folder });
  if (built.code !== 0) throw new Error(built.stderr);
  const shop = { name: 'shop', version: '1.0.0', private: true };
  await writeFile(join(folder, 'package.json'), JSON.stringify(shop));
  const lock = { ...shop, lockfileVersion: 3, requires: true, packages: { '': { name: 'shop', version: '1.0.0' } } };
  await writeFile(join(folder, 'package-lock.json'), JSON.stringify(lock));
  await mkdir(join(folder, '.github'), { recursive: true });
  await cp(join(root, 'templates/github-actions'), join(folder, '.github/workflows'), { recursive: true });
  return commitAll(folder, 'https://github.com/acme/shop.git');
};

/** Gives the commit. */
const commitAll = async (folder: string, remote: string): Promise<string> => {
  await runGit(folder, ['init', '--quiet', '--initial-branch=main']);
  await runGit(folder, ['remote', 'add', 'origin', remote]);
  await runGit(folder, ['add', '--all']);
  const identity = ['-c', 'user.name=octocat', '-c', 'user.email=octocat@example.com'];
  await runGit(folder, [...identity, 'commit', '--quiet', '--message', 'A checkout']);
  return runGit(folder, ['rev-parse', 'HEAD']);
};
