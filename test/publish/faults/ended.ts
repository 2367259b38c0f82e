import type { spawn } from 'node:child_process';
import { utimes } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

/** How a publisher's process ended. */
export interface Ended {
  /** Undefined: killed. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly pid: number;
  readonly tookMs: number;
}

/** Once its output is complete. */
export const ended = (child: ReturnType<typeof spawn>, pid: number): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const began = performance.now();
    let stdout = '';
    let stderr = '';
    child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({ code: code ?? undefined, stdout, stderr, pid, tookMs: Math.round(performance.now() - began) }),
    );
  });

/** Until nothing that the publisher started is left. */
export const goneOf = async (pid: number): Promise<void> => {
  for (let left = 600; left > 0; left -= 1) {
    try {
      process.kill(-pid, 0);
    } catch {
      return;
    }
    await wait(50);
  }
  throw new Error('a process of the publisher lives on after 30 s');
};

/** As if they had been left two days ago. */
export const age = async (directories: readonly string[]): Promise<void> => {
  const then = Date.now() / 1000 - 2 * 86_400;
  await Promise.all(directories.map((each) => utimes(each, then, then)));
};
