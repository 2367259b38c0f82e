// The command line itself, stopped in a CI job: it leaves in time, with the right code and nothing behind.
import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createWorld, head, leaksIn, type World } from '../../cli/harness.js';
import type { Case } from '../case.js';
import { demand } from '../faults/proof.js';

const root = join(import.meta.dirname, '..', '..', '..');
const program = join(root, 'dist/cli/main.cjs');

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
  readonly tookMs: number;
}

/** Starts a command, and tells when its process is there and how it ended. */
const start = (args: readonly string[], job: { readonly cwd: string; readonly env: NodeJS.ProcessEnv }) => {
  const began = performance.now();
  const child = spawn(process.execPath, [program, ...args], job);
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdout.resume();
  const ended = new Promise<Ended>((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal, stderr, tookMs: performance.now() - began })),
  );
  return { child, ended };
};

/** Stops `reconcile` as its n-th request to the GitOps repository arrives; that request is never answered where it's told so. */
const stopReconcile = async (
  world: World,
  { request, signal, silent }: { readonly request: number; readonly signal: NodeJS.Signals; readonly silent: boolean },
): Promise<void> => {
  const commits = await world.commits();
  const env = { PATH: process.env['PATH'], ...world.secrets, ...(await world.event(42, 'opened')) };
  const { child, ended } = start(['reconcile'], { cwd: world.platform, env });
  let count = 0;
  world.git.setFault(() => {
    if (++count !== request) return undefined;
    child.kill(signal);
    return silent ? { kind: 'hang' } : undefined;
  });
  const { code, signal: by, stderr, tookMs } = await ended;
  world.git.setFault(undefined);
  demand(count >= request, `request ${request} never came: ${stderr}`);
  demand(tookMs < 15_000, `left after ${Math.round(tookMs)} ms`);
  if (signal === 'SIGKILL') demand(by === 'SIGKILL', `ended with ${code}`);
  else {
    demand(code === (signal === 'SIGTERM' ? 143 : 130), `ended with ${code}: ${stderr}`);
    demand(/changed: all of .*, or nothing of it/.test(stderr), `doesn’t say what was changed: ${stderr}`);
    demand((await world.leftovers()).length === 0, 'left a temporary directory');
  }
  demand(leaksIn(stderr).length === 0, 'shows a token');
  const again = await world.run(['reconcile'], await world.event(42, 'opened'));
  demand(again.code === 0, `the next run ended with ${again.code}: ${again.stderr}`);
  demand((await world.commits()) === commits + 1, `${(await world.commits()) - commits} commits instead of one`);
};

const inWorld = async (play: (world: World) => Promise<void>): Promise<undefined> => {
  await build();
  const world = await createWorld();
  try {
    world.github.openPullRequest({ number: 42, headSha: head });
    await play(world);
  } finally {
    await world.end();
  }
};

let built: Promise<unknown> | undefined;
const build = (): Promise<unknown> =>
  (built ??= promisify(execFile)(process.execPath, ['scripts/bundle.mjs'], { cwd: root }));

const stops = ([1, 3, 4, 5] as const).flatMap((request) =>
  (['SIGTERM', 'SIGINT', 'SIGKILL'] as const).map((signal) => ({ request, signal, silent: false })),
);

export const cases: readonly Case[] = [
  ...[...stops, { request: 3, signal: 'SIGTERM', silent: true } as const].map((how): Case => ({
    name: `reconcile: ${how.signal} at request ${how.request}${how.silent ? ', which is never answered' : ''}`,
    run: () => inWorld((world) => stopReconcile(world, how)),
  })),
  {
    name: 'demo: SIGTERM leaves nothing behind',
    run: async () => {
      await build();
      const temporary = await mkdtemp(join(tmpdir(), 'demo-'));
      const cwd = join(temporary, 'here');
      await mkdir(cwd);
      const { child, ended } = start(['demo'], { cwd, env: { PATH: process.env['PATH'], TMPDIR: temporary } });
      child.stderr.once('data', () => child.kill('SIGTERM')); // the story begins
      const { code, stderr } = await ended;
      demand(code === 143, `ended with ${code}: …${stderr.slice(-200)}`);
      const left = (await readdir(temporary)).filter((name) => name !== 'here');
      demand(left.length === 0, `left ${left.join(', ')}`);
      await rm(temporary, { recursive: true });
      return undefined;
    },
  },
];
