import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

interface Part {
  /** What is there without it. */
  readonly named: string;
  readonly what: string;
  /** A folder with `up` and `down`. */
  readonly tools: string;
  /** What its `up` prints, as variables. */
  readonly read: (printed: string) => Readonly<Record<string, string>>;
}

const assignments = (printed: string): Readonly<Record<string, string>> =>
  Object.fromEntries([...printed.matchAll(/^(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]));

const parts = (root: string): readonly Part[] => [
  {
    ...{ named: 'FORGE_URL', what: 'forge', read: assignments },
    tools: resolve(root, process.env['FORGE_TOOLS'] ?? '../shared/forge'),
  },
  {
    ...{ named: 'KUBECONFIG', what: 'cluster', read: (printed) => ({ KUBECONFIG: printed.trim() }) },
    tools: resolve(root, process.env['CLUSTER_TOOLS'] ?? '../shared/cluster'),
  },
];

/** Starts what no variable names, and stops it when the process ends. Gives what is missing; undefined: all is there. */
export const startParts = (root: string): string | undefined => {
  const started: string[] = [];
  process.once('exit', () => {
    for (const tools of started) spawnSync(join(tools, 'down'), { stdio: ['ignore', 'ignore', 'inherit'] });
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  for (const part of parts(root)) {
    const missing = startPart(part, started);
    if (missing !== undefined) return missing;
  }
  return undefined;
};

const startPart = ({ named, what, tools, read }: Part, started: string[]): string | undefined => {
  if ((process.env[named] ?? '') !== '') return undefined;
  const up = join(tools, 'up');
  if (!existsSync(up)) return `no ${what} (set ${named}, or ${what.toUpperCase()}_TOOLS to start one)`;
  started.push(tools);
  const { status, stdout, stderr } = spawnSync(up, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  if (status !== 0) return `the ${what} can’t be started: ${stderr.trim().split('\n').at(-1) ?? ''}`;
  Object.assign(process.env, read(stdout));
  return undefined;
};
