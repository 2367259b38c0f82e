import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { World } from '../cli/harness.js';
import { root } from '../docs/documents.js';

export interface Step {
  readonly with?: Readonly<Record<string, string>>;
  /** Where the action lies. */
  readonly action?: string;
  /** It is cancelled once this holds. */
  readonly cancelUpon?: () => boolean;
}

let count = 0;

/**
 * Runs the action’s entry as a runner does, for pull request 42 that was opened; outputs and summary are what it wrote into the runner’s
 * files, `shown` is the log that people see.
 */
export const runStep = async (world: World, { with: given = {}, action = root, cancelUpon }: Step) => {
  const folder = dirname(world.platform);
  const files = { GITHUB_OUTPUT: join(folder, `output-${++count}`), GITHUB_STEP_SUMMARY: join(folder, `sum-${count}`) };
  await Promise.all(Object.values(files).map((file) => writeFile(file, '')));
  const inputs = { 'github-token': world.github.token, 'gitops-token': world.git.token, ...given };
  const child = spawn(process.execPath, [join(action, 'action/main.cjs')], {
    cwd: world.platform,
    env: {
      PATH: process.env['PATH'],
      TMPDIR: world.secrets['TMPDIR'],
      GITHUB_API_URL: world.github.url,
      ...(await world.event(42, 'opened')),
      ...files,
      ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
    },
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      log += chunk.toString();
    });
  const code = await new Promise<number | null>((resolve) => {
    child.on('close', resolve);
    if (cancelUpon !== undefined)
      void until(() => child.exitCode !== null || cancelUpon()).then(() => child.kill('SIGINT'));
  });
  const [outputs, summary] = await Promise.all(Object.values(files).map((file) => readFile(file, 'utf8')));
  const shown = log.replaceAll(/^::add-mask::.*\n/gm, '');
  return { code, log, shown, outputs: parsed(outputs ?? ''), summary: summary ?? '' };
};

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
};

const parsed = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...text.matchAll(/^(\w+)<<(\S+)\n(.*?)\n\2$/gms)].map(([, name = '', , value = '']) => [name, value]),
  );
