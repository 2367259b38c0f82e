import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import type { Run } from '../context.js';

type Create = (run: Run) => CommandUnknownOpts;

/** In the order of `--help`. Each is loaded with all that it needs when it is asked for. */
const commands: Readonly<Record<string, () => Promise<Create>>> = {
  reconcile: async () => (await import('./reconcile.js')).reconcileCommand,
  render: async () => (await import('./render.js')).renderCommand,
  publish: async () => (await import('./publish.js')).publishCommand,
  diff: async () => (await import('./diff.js')).diffCommand,
  up: async () => (await import('./up.js')).upCommand,
  down: async () => (await import('./down.js')).downCommand,
  extend: async () => (await import('./extend.js')).extendCommand,
  sleep: async () => (await import('./sleep.js')).sleepCommand,
  wake: async () => (await import('./wake.js')).wakeCommand,
  wait: async () => (await import('./wait.js')).waitCommand,
  list: async () => (await import('./list.js')).listCommand,
  show: async () => (await import('./show.js')).showCommand,
  explain: async () => (await import('./explain.js')).explainCommand,
  init: async () => (await import('./init.js')).initCommand,
  sweep: async () => (await import('./sweep.js')).sweepCommand,
  serve: async () => (await import('./serve.js')).serveCommand,
  doctor: async () => (await import('./doctor.js')).doctorCommand,
  build: async () => (await import('./build.js')).buildCommand,
  demo: async () => (await import('./demo.js')).demoCommand,
};

/** The command that a line names; all of them where it names none, for the help, completion and "did you mean". */
export const commandsFor = (argv: readonly string[]): Promise<readonly Create[]> => {
  const word = commandWord(argv);
  const named = word !== undefined && Object.hasOwn(commands, word) ? commands[word] : undefined;
  return Promise.all((named === undefined ? Object.values(commands) : [named]).map((load) => load()));
};

const withValue: readonly string[] = ['--config', '-o', '--output'];

/** The first word that is neither a flag nor the value of one that may stand before the command. */
export const commandWord = (argv: readonly string[]): string | undefined =>
  argv.find((word, index) => !word.startsWith('-') && !withValue.includes(argv[index - 1] ?? ''));
