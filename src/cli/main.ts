import { dirname, join } from 'node:path';
import { existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { config as configureZod } from 'zod';
import { isCi, readEnvironment } from '../config/environment.js';
import { listenForSignals } from './interrupt.js';
import type { Io } from './io.js';
import { run } from './run.js';

const environment = readEnvironment();
const stdinLimit = 4_194_304;
const interactive = process.stdin.isTTY && !isCi(environment);

const io: Io = {
  environment,
  cwd: process.cwd(),
  packageDirectory: packageDirectory(dirname(fileURLToPath(import.meta.url))),
  clock: { now: () => new Date(), wait: (milliseconds) => wait(milliseconds), random: () => Math.random() },
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void (interrupted || process.stderr.write(text)),
  stdin: async () => {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of process.stdin) {
      chunks.push(chunk as Buffer);
      if ((size += (chunk as Buffer).length) > stdinLimit) break; // whoever asked has a smaller limit, and says so
    }
    return Buffer.concat(chunks).toString('utf8');
  },
  ...(interactive && { ask }),
  color: process.stdout.isTTY && environment.NO_COLOR === undefined && environment.TERM !== 'dumb',
};

async function ask(question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}

/** The nearest folder above that holds our package.json: the sources and the bundle lie at different depths. */
function packageDirectory(from: string): string {
  return existsSync(join(from, 'package.json')) ? from : packageDirectory(dirname(from));
}

let interrupted = false; // from then on the signal alone says how it ends
listenForSignals({
  patience: () => wait(8_000),
  tell: (text) => {
    interrupted = true;
    process.stderr.write(text);
  },
  leave: (code) => process.exit(code),
});
process.stdout.on('error', () => undefined); // a closed pipe downstream doesn't change what was done

configureZod({ jitless: true }); // a command checks each shape a few times: compiling the checks costs more than it saves

// git’s runner keeps a timer alive after its last command; leave once what was written is out
const leave = (code: number) => process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
void run(process.argv.slice(2), io).then((code) => interrupted || leave(code)); // no top-level await: the bundle is CommonJS
