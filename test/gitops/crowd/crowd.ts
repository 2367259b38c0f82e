import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Job, JobResult } from './job.js';

export type Script = 'publisher' | 'cloner';

/** A script of this folder as one file, so that a hundred processes start quickly. */
export interface Built {
  readonly file: string;
  remove(): Promise<void>;
}

export const buildScript = async (script: Script): Promise<Built> => {
  const directory = await mkdtemp(join(tmpdir(), 'crowd-'));
  const file = join(directory, `${script}.mjs`);
  await build({
    entryPoints: [join(import.meta.dirname, `${script}.ts`)],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: file,
    logLevel: 'silent',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  return { file, remove: () => rm(directory, { recursive: true, force: true }) };
};

export interface CrowdOptions {
  /** Milliseconds from one start to the next; the jobs are told to begin only when all have loaded. @default 0 */
  readonly apartMs?: number;
  /** Called before each is told to begin. */
  readonly beforeStart?: (index: number) => Promise<void> | void;
}

export interface Crowd {
  readonly results: readonly JobResult[];
  /** From the first start to the last end. */
  readonly seconds: number;
}

/** Runs the jobs as processes, all at once. @throws when one of them fails, with its text */
export const runCrowd = async ({ file }: Built, jobs: readonly Job[], options: CrowdOptions = {}): Promise<Crowd> => {
  const { apartMs = 0, beforeStart } = options;
  const running = jobs.map((job) => startJob(file, job));
  await Promise.all(running.map(({ ready }) => ready));
  const started = Date.now();
  for (const [index, { child }] of running.entries()) {
    await beforeStart?.(index);
    child.stdin?.end('go\n');
    if (apartMs > 0) await new Promise((resolve) => setTimeout(resolve, apartMs));
  }
  const results = await Promise.all(running.map(({ result }) => result));
  return { results, seconds: (Date.now() - started) / 1000 };
};

export interface RunningJob {
  readonly child: ChildProcess;
  readonly ready: Promise<void>;
  readonly result: Promise<JobResult>;
}

export const startJob = (file: string, job: Job): RunningJob => {
  const child = spawn(process.execPath, [file, JSON.stringify(job)], { stdio: ['pipe', 'pipe', 'pipe'] });
  let out = '';
  let complaint = '';
  let loaded: () => void;
  const ready = new Promise<void>((resolve) => {
    loaded = resolve;
  });
  child.stdin.on('error', () => undefined);
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    if (out.startsWith('ready\n')) loaded();
  });
  const result = new Promise<JobResult>((resolve, reject) => {
    child.on('close', (code) => {
      loaded();
      const last = out.trim().split('\n').at(-1) ?? '';
      if (code === 0) resolve(JSON.parse(last) as JobResult);
      else reject(new Error(`${job.name} ended with ${code}: ${complaint}`));
    });
  });
  result.catch(() => undefined);
  return { child, ready, result };
};
