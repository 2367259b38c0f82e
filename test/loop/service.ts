import { spawn } from 'node:child_process';
import { join } from 'node:path';

const program = join(import.meta.dirname, '..', '..', 'dist/cli/main.cjs');

/** One line of its log. */
export interface Entry {
  readonly level: string;
  readonly event: string;
  readonly port?: number;
  /** From a webhook’s arrival until Git had what it led to. */
  readonly pushedMs?: number;
}

interface Push {
  readonly ms: number;
  /** When it was logged, of `performance.now()`. */
  readonly at: number;
}

/** `bivouac serve`, as a process of its own. */
export interface Service {
  readonly port: number;
  /** Everything that it has printed. */
  printed(): string;
  /** From a webhook’s arrival to the push, in seconds: the first since then. */
  pushSeconds(since: number): number | undefined;
  /** What it logged that wasn't all right. */
  complaints(): readonly string[];
  /** As Kubernetes ends it; gives its exit code. */
  stop(): Promise<number | null>;
}

export interface Serving {
  readonly flags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** Started, and listening on a port of its own. */
export const startService = ({ flags, env, cwd }: Serving): Promise<Service> => {
  const child = spawn(process.execPath, [program, 'serve', '--port', '0', ...flags], {
    ...{ cwd, stdio: ['ignore', 'pipe', 'pipe'] },
    env: { PATH: process.env['PATH'], ...env },
  });
  process.once('exit', () => child.kill());
  let [printed, errors, rest] = ['', '', ''];
  const complaints: string[] = [];
  const pushes: Push[] = [];
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return new Promise((resolve, reject) => {
    void ended.then((code) => reject(new Error(`bivouac serve ended with ${code}: ${errors}${printed}`)));
    child.once('error', reject);
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      const lines = `${rest}${chunk.toString()}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const { level, event, port, pushedMs } = JSON.parse(line) as Entry;
        if (pushedMs !== undefined) pushes.push({ ms: pushedMs, at: performance.now() });
        if (level !== 'info') complaints.push(line);
        if (event !== 'listening' || port === undefined) continue;
        resolve({
          ...{ port, printed: () => printed + errors, complaints: () => complaints },
          pushSeconds: (since) => {
            const push = pushes.find(({ at }) => at > since);
            return push && push.ms / 1000;
          },
          stop: () => {
            child.kill('SIGTERM');
            return ended;
          },
        });
      }
    });
  });
};
