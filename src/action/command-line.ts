import { type Environment, flagVariable } from '../config/environment.js';
import { userError } from '../model/errors.js';
import { flagsOf, inputOf, secretInputs } from './inputs.js';

/** What a step's inputs come to. */
export interface CommandLine {
  readonly argv: readonly string[];
  /** The job's variables and the credentials; without what the runner keeps for its actions. */
  readonly environment: Environment;
  /** Must never show in a log. */
  readonly secrets: readonly string[];
}

/** @throws UserError InvalidInput */
export function commandLineOf(given: Environment): CommandLine {
  const command = inputOf(given, 'command') ?? 'reconcile';
  if (!/^[a-z]+$/.test(command))
    throw userError('InvalidInput', 'command is no name of a command', {
      where: 'with.command',
      remedy: 'Write one word such as reconcile or sweep; what else it takes has inputs of its own.',
    });
  refuseElsewhere(command);
  const words = (inputOf(given, 'argument') ?? '').split(/\s*\n\s*/).filter((word) => word !== '');
  const credentials = credentialsOf(given);
  return {
    argv: [
      command,
      ...flagsOf(given),
      ...(given['RUNNER_DEBUG'] === '1' ? ['--verbose'] : []),
      ...(words.length === 0 ? [] : ['--', ...words]),
    ],
    // render runs what a pull request wrote, and needs nothing to do so
    environment: { ...withoutRunners(given), ...(command !== 'render' && Object.fromEntries(credentials)) },
    secrets: credentials.flatMap(([variable, value]) => (variable === flagVariable('app-id') ? [] : [value])),
  };
}

/** What a step can't do, and where it is done instead. */
const elsewhere = new Map([
  [
    'build',
    'Where the charts’ packages are installed run `npx --no bivouac build`, and commit charts.bundle.cjs: the action brings no bundler along.',
  ],
  ['serve', 'A step has an end and the service has none: run it as docs/service.md says.'],
]);

/** @throws UserError InvalidInput */
function refuseElsewhere(command: string): void {
  const remedy = elsewhere.get(command);
  if (remedy !== undefined)
    throw userError('InvalidInput', `${command} is nothing for a step of a workflow`, { where: 'with.command', remedy });
}

const credentialsOf = (given: Environment): readonly (readonly [variable: string, value: string])[] =>
  secretInputs.flatMap((input) => {
    const value = inputOf(given, input);
    return value === undefined ? [] : [[flagVariable(input), value] as const];
  });

/** Charts run in this program: they get neither the inputs nor the tokens by which actions reach caches and artifacts. */
const withoutRunners = (given: Environment): Environment =>
  Object.fromEntries(Object.entries(given).filter(([name]) => !/^(INPUT|ACTIONS)_/i.test(name)));
