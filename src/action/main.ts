import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { readEnvironment } from '../config/environment.js';
import { isBivouacError } from '../model/errors.js';
import { type CommandLine, commandLineOf } from './command-line.js';
import { commandShown, endingOf, errorShown, masks } from './log.js';

// The action's entry: inputs become a command line for the program beside it, which knows nothing of actions. A process of its own,
// so that charts see neither the inputs nor the runner's tokens among its variables.
const program = fileURLToPath(new URL('./program.cjs', import.meta.url));
const title = 'Bivouac';

function start({ argv, environment }: CommandLine): void {
  // a group of its own: a signal to this one's group reaches it once, by the lines below, as a second one means "at once"
  const child = spawn(process.execPath, [program, ...argv], {
    env: environment,
    stdio: 'inherit',
    detached: process.platform !== 'win32',
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => end(1, error.message));
  child.on('close', (code) => end(code ?? 1, endingOf(code ?? 1)));
}

function end(code: number, text: string): void {
  process.exitCode = code;
  if (code !== 0) process.stdout.write(errorShown(title, text));
}

try {
  const line = commandLineOf(readEnvironment());
  process.stdout.write(masks(line.secrets) + commandShown(line.argv), () => start(line));
} catch (error) {
  if (!isBivouacError(error)) throw error;
  end(2, [error.message, error.where, error.remedy].filter(Boolean).join('. '));
}
