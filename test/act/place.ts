import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WebhookAction } from '../../src/demo/fake-github/payload.js';
import type { FakeGitHub } from '../../src/demo/fake-github/server.js';
import { githubToken, gitToken, leaksIn } from '../cli/harness.js';
import { startJudgedGitHub } from '../contract/judged.js';
import { runGit } from '../git/run.js';
import { type GitServer, startGitServer } from '../git/server.js';
import { type Ran, type Run, runAct } from './act.js';
import { commitAll, downloadAction, makeCheckout, root } from './checkouts.js';
import { type Comment, commentPayload, type FinishedRun, runPayload, schedulePayload } from './payloads.js';
import { runnerTools, standIns } from './stand-ins.js';

/** Of the workflows: what stands for a commit there. */
const placeholder = 'acme/bivouac@0000000000000000000000000000000000000000';

/** An application's repository with the shipped workflows in it, what they run on, and whom they talk to. No token shows in a run's log, else it throws. */
export interface Place {
  readonly git: GitServer;
  readonly github: FakeGitHub;
  /** One run of `environment.yml`. */
  readonly event: (number: number, action: WebhookAction) => Promise<Ran>;
  /** A comment, and one run of `comments.yml`. */
  readonly comment: (number: number, body: string, on?: Comment['on']) => Promise<Ran & { readonly id: number }>;
  /** One run of `sweep.yml`. */
  readonly schedule: () => Promise<Ran>;
  /** The same with the workflows that take the charts from a platform; who checks it out and gives tokens is stood in for. */
  readonly fromPlatform: Pick<Place, 'event' | 'comment' | 'schedule'>;
  /** One run of `render.yml`, without any secret; what it uploads is kept by its id. */
  readonly render: (number: number, action: WebhookAction, id: number) => Promise<Ran>;
  /** One run of `publish.yml`, for a run of `render.yml`. */
  readonly publish: (finished: FinishedRun) => Promise<Ran>;
  /** What `render.yml` uploaded, or what somebody puts there instead. */
  readonly bundleOf: (id: number) => string;
  readonly files: () => Promise<readonly string[]>;
  readonly end: () => Promise<void>;
}

/** `config`: more of bivouac.yaml. */
export const createPlace = async (tool: string, { config = '' } = {}): Promise<Place> => {
  const folder = await mkdtemp(join(tmpdir(), 'bivouac-act-'));
  const [checkout, platform, action] = ['shop', 'platform', 'action'].map((name) => join(folder, name)) as Three;
  const artifacts = join(folder, 'artifacts');
  const [git, github] = await Promise.all([
    startGitServer({ token: gitToken }),
    startJudgedGitHub({ tokens: { [githubToken]: workflowToken } }),
  ]);
  const [commit, tools] = await Promise.all([
    makeCheckout(checkout, (sample) => sample.replace('.bivouac/gitops.git', git.url()) + config),
    runnerTools(join(folder, 'tools')),
    ...[git.create(), downloadAction(action)],
  ]);
  await cp(checkout, platform, { recursive: true });
  await runGit(platform, ['remote', 'set-url', 'origin', 'https://github.com/acme/platform.git']);
  github.putRef('main', commit);
  const run = async ({ id = 0, from, ...given }: Given): Promise<Ran> => {
    const cwd = given.cwd ?? checkout;
    const file = join(cwd, '.github/workflows', `${given.workflow}.yml`);
    const sources = { ...(from !== undefined && { checkout: from }), token: gitToken, artifacts, id };
    const stood = await standIns(join(folder, 'stand-ins'), file, sources);
    const ran = await runAct(tool, {
      ...{ cwd, tools, secrets: { GITHUB_TOKEN: githubToken, GITOPS_TOKEN: gitToken }, ...given },
      env: { GITHUB_API_URL: github.url, ...stood.env },
      actions: { ...stood.actions, [placeholder]: action },
    });
    const leaked = leaksIn(ran.log);
    if (leaked.length > 0) throw new Error(`the log of ${given.workflow} shows ${leaked.join(', ')}`);
    return ran;
  };
  /** In a repository that holds nothing but the workflows. */
  const runFromPlatform = async (given: Given): Promise<Ran> => {
    const cwd = await mkdtemp(join(folder, 'application-'));
    await cp(join(root, 'templates/github-actions'), join(cwd, '.github/workflows'), { recursive: true });
    await commitAll(cwd, 'https://github.com/acme/shop.git');
    return run({ ...given, cwd, from: platform, secrets: { GITHUB_TOKEN: githubToken } });
  };
  const commented = (number: number, body: string, on: Comment['on'] = 'pull-request') => {
    const id = github.writeComment(number, { author: 'octocat', body });
    return { id, payload: commentPayload(github, number, { id, body, on }) };
  };
  const event = 'issue_comment';
  return {
    git,
    github,
    event: (number, does) =>
      run({ workflow: 'environment', event: 'pull_request', payload: github.payload(number, does) }),
    comment: async (...of) => {
      const { id, payload } = commented(...of);
      return { id, ...(await run({ workflow: 'comments', event, payload })) };
    },
    schedule: () => run({ workflow: 'sweep', event: 'schedule', payload: schedulePayload }),
    fromPlatform: {
      event: (number, does) => {
        const payload = github.payload(number, does);
        return runFromPlatform({ workflow: 'environment-from-platform', event: 'pull_request_target', payload });
      },
      comment: async (...of) => {
        const { id, payload } = commented(...of);
        return { id, ...(await runFromPlatform({ workflow: 'comments-from-platform', event, payload })) };
      },
      schedule: () =>
        runFromPlatform({ workflow: 'environment-from-platform', event: 'schedule', payload: schedulePayload }),
    },
    render: (number, does, id) => {
      const payload = github.payload(number, does);
      return run({ workflow: 'render', event: 'pull_request', payload, secrets: {}, id });
    },
    publish: (finished) => run({ workflow: 'publish', event: 'workflow_run', payload: runPayload(finished) }),
    bundleOf: (id) => join(artifacts, String(id), 'bundle', 'bundle.json'),
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

type Three = [string, string, string];
interface Given extends Pick<Run, 'workflow' | 'event' | 'payload'>, Partial<Pick<Run, 'cwd' | 'secrets'>> {
  /** Of the run. */
  readonly id?: number;
  /** What is checked out. @default the work tree that it runs in, as act does by itself */
  readonly from?: string;
}

/** What `permissions` of the workflows give to the job's own token. */
const workflowToken = {
  account: { login: 'github-actions[bot]', id: 41_898_282, type: 'Bot' },
  kind: 'installation',
  permissions: { contents: 'read', pullRequests: 'write', deployments: 'write' },
} as const;
