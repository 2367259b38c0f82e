import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const { ACT_TOOL, CLUSTER_CACHE, PATH = '' } = process.env;

/** Where act is: ACT_TOOL, the search path, or `bin/` of CLUSTER_CACHE, which a forge's tools are built into. Undefined: nowhere. */
export const actTool = (): string | undefined => {
  if (ACT_TOOL !== undefined && ACT_TOOL !== '') return ACT_TOOL;
  const built = CLUSTER_CACHE === undefined ? [] : [join(CLUSTER_CACHE, 'bin')];
  return [...PATH.split(delimiter), ...built].map((folder) => join(folder, 'act')).find(existsSync);
};

/** A run of one workflow, as GitHub starts it. */
export interface Run {
  /** The checkout that it happens in. */
  readonly cwd: string;
  /** `.github/workflows/<name>.yml` */
  readonly workflow: string;
  readonly event: string;
  readonly payload: object;
  readonly secrets: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  /** Folders in place of repositories, by `owner/name@ref`. */
  readonly actions: Readonly<Record<string, string>>;
  /** A folder of programs that this machine may lack. */
  readonly tools: string;
}

export interface Ran {
  readonly code: number;
  readonly log: string;
  /** Of the last step that set each. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** One line of `act --json`. */
interface Line {
  readonly command?: string;
  readonly name?: string;
  readonly arg?: string;
  readonly msg?: string;
}

/** Runs it on this machine, without containers; what act keeps goes with the run. */
export const runAct = async (
  tool: string,
  { cwd, workflow, event, payload, secrets, env, actions, tools }: Run,
): Promise<Ran> => {
  const home = await mkdtemp(join(tmpdir(), 'act-'));
  try {
    await mkdir(join(home, '.config/act'), { recursive: true });
    await writeFile(join(home, '.config/act/actrc'), '-P ubuntu-latest=-self-hosted\n'); // else it asks which image to use
    await writeFile(join(home, 'event.json'), JSON.stringify(payload));
    await writeFile(join(home, 'secrets'), linesOf(secrets));
    const args = [
      ...[event, '--json', '--no-cache-server', '--action-offline-mode', '--pull=false'],
      ...['-W', `.github/workflows/${workflow}.yml`, '-e', join(home, 'event.json')],
      ...['--secret-file', join(home, 'secrets'), '--actor', 'octocat'],
      ...Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
      ...Object.entries(actions).flatMap(([name, folder]) => ['--local-repository', `${name}=${folder}`]),
    ];
    const variables = {
      PATH: `${PATH}${delimiter}${tools}`,
      HOME: home,
      XDG_CONFIG_HOME: join(home, '.config'),
      XDG_CACHE_HOME: join(home, '.cache'),
    };
    return await new Promise<Ran>((resolve) => {
      execFile(tool, args, { cwd, env: variables, timeout: 240_000, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
        const lines = `${stdout}${stderr}`.split('\n').map(parsed);
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        resolve({ code, log: lines.map(({ msg = '' }) => msg.trimEnd()).join('\n'), outputs: outputsIn(lines) });
      });
    });
  } finally {
    await rm(home, { recursive: true, force: true });
  }
};

const linesOf = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}\n`)
    .join('');

const parsed = (line: string): Line => {
  try {
    return JSON.parse(line) as Line;
  } catch {
    return { msg: line };
  }
};

const outputsIn = (lines: readonly Line[]): Ran['outputs'] =>
  Object.fromEntries(
    lines.flatMap(({ command, name, arg }) =>
      command === 'set-output' && name !== undefined ? [[name, arg ?? '']] : [],
    ),
  );
