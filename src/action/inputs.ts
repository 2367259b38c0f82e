import type { Environment } from '../config/environment.js';
import { userError } from '../model/errors.js';

/** `list`: a flag for each line; `switch`: the flag alone, when it is true. */
interface FlagInput {
  readonly input: string;
  /** @default the input's own name */
  readonly flag?: string;
  readonly form: 'text' | 'list' | 'switch';
}

/** Inputs that become flags, in the order in which they are written. A flag that the command doesn't know is refused by the command. */
export const flagInputs: readonly FlagInput[] = [
  { input: 'config', form: 'text' },
  { input: 'output', form: 'list' },
  { input: 'pull-request', form: 'text' },
  { input: 'repository', form: 'list' },
  { input: 'application', form: 'text' },
  { input: 'images', flag: 'image', form: 'list' },
  { input: 'head-sha', form: 'text' },
  { input: 'preset', form: 'text' },
  { input: 'name', form: 'text' },
  { input: 'ref', form: 'text' },
  { input: 'with', form: 'list' },
  { input: 'without', form: 'list' },
  { input: 'lifetime', form: 'text' },
  { input: 'wait', form: 'switch' },
  { input: 'for', form: 'text' },
  { input: 'timeout', form: 'text' },
  { input: 'yes', form: 'switch' },
  { input: 'output-dir', form: 'text' },
  { input: 'validate', form: 'switch' },
  { input: 'validate-namespace', form: 'text' },
  { input: 'against', form: 'text' },
  { input: 'exit-code', form: 'switch' },
  { input: 'max', form: 'text' },
  { input: 'refresh', form: 'switch' },
  { input: 'allow-removals', form: 'text' },
  { input: 'digest', form: 'text' },
  { input: 'dry-run', form: 'switch' },
];

/** Inputs that go into variables alone: what stands in an argument, every process of the machine can read. */
export const secretInputs = ['gitops-token', 'github-token', 'argocd-token', 'app-id', 'private-key'] as const;

/** An input as the runner hands it over: `pull-request` in `INPUT_PULL-REQUEST`; undefined: left empty. */
export const inputOf = (environment: Environment, input: string): string | undefined =>
  (environment[`INPUT_${input.toUpperCase()}`] ?? '').trim() || undefined;

/** `images` with a line is `--image=<line>`. @throws UserError InvalidInput */
export const flagsOf = (environment: Environment): readonly string[] =>
  flagInputs.flatMap(({ input, flag = input, form }) => {
    const value = inputOf(environment, input);
    if (value === undefined) return [];
    if (form === 'switch') return isTrue(input, value) ? [`--${flag}`] : [];
    return (form === 'list' ? linesOf(value) : [value]).map((each) => `--${flag}=${each}`);
  });

const linesOf = (text: string): readonly string[] =>
  text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** The spellings that YAML and the runner's own library know. */
const isTrue = (input: string, value: string): boolean => {
  if (/^(true|True|TRUE)$/.test(value)) return true;
  if (/^(false|False|FALSE)$/.test(value)) return false;
  throw userError('InvalidInput', `${input} is neither true nor false`, {
    where: `with.${input}`,
    remedy: 'Write true or false, or leave it out.',
  });
};
