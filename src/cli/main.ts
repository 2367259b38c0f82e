import { dirname, join } from 'node:path';
import { existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isCi, readEnvironment } from '../config/environment.js';
import type { Io } from './io.js';
import { run } from './run.js';

const environment = readEnvironment();
const interactive = process.stdin.isTTY && !isCi(environment);

const io: Io = {
  environment,
  cwd: process.cwd(),
  packageDirectory: packageDirectory(dirname(fileURLToPath(import.meta.url))),
  clock: { now: () => new Date(), wait: (milliseconds) => wait(milliseconds), random: () => Math.random() },
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  stdin: async () => {
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
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

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  process.on(signal, () => {
    process.stderr.write(`\ninterrupted (${signal}): run the command again, it finishes what is left\n`);
    process.exit(code);
  });
process.stdout.on('error', () => undefined); // a closed pipe downstream doesn't change what was done

const code = await run(process.argv.slice(2), io);
// git’s runner keeps a timer alive after its last command; leave once what was written is out
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
