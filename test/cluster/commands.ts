import type { Ended } from '../cli/harness.js';
import { demand } from '../publish/faults/proof.js';
import { leftOf, notServing } from './seen.js';
import type { Stage } from './stage.js';

/** `-o json` of a command that writes or waits. */
export interface Told {
  readonly outcomes: readonly {
    readonly environment: string;
    readonly outcome: string;
    readonly reason: string;
    readonly message: string;
    readonly commit?: string;
    readonly warnings?: readonly string[];
    readonly deployment?: {
      readonly state: 'ready' | 'failed' | 'late' | 'superseded' | 'not-observed';
      readonly message: string;
      readonly causes: readonly { readonly kind: string; readonly object: string; readonly message: string }[];
    };
    readonly receipt?: { readonly complete: boolean; readonly parts: readonly { readonly presence: string }[] };
  }[];
}

export const told = ({ stdout }: Ended): Told => JSON.parse(stdout) as Told;

const textOf = ({ code, stdout, stderr }: Ended): string => `exit ${code}: ${stderr.slice(-900)} ${stdout.slice(-300)}`;

interface Expected {
  readonly flags?: readonly string[];
  /** @default 0 */
  readonly code?: number;
}

/** The command line of a CI job for a pull request's event, run again as its error says where others were faster; throws unless it ends as expected. */
export const reconcile = async (
  stage: Stage,
  number: number,
  { flags = [], code = 0 }: Expected = {},
): Promise<Ended> => {
  const args = ['reconcile', '--pull-request', String(number), '--repository', 'acme/shop', '-o', 'json', ...flags];
  let ended = await stage.run(args);
  for (let again = 0; again < 3 && ended.stdout.includes('"PushContended"'); again++) ended = await stage.run(args);
  demand(ended.code === code, `reconcile of ${number}: ${textOf(ended)}`);
  return ended;
};

export interface Waited extends Ended {
  readonly seconds: number;
}

/** `bivouac wait`; throws unless it ends as expected. */
export const wait = async (
  stage: Stage,
  environment: string,
  { flags = [], code = 0 }: Expected = {},
): Promise<Waited> => {
  const began = performance.now();
  const ended = await stage.run(['wait', stage.address(environment), ...flags]);
  demand(ended.code === code, `wait ${environment} ${flags.join(' ')}: ${textOf(ended)}`);
  return { ...ended, seconds: (performance.now() - began) / 1000 };
};

/** Said ready: then the cluster must agree, at this very moment. */
export const readyAnd = async (stage: Stage, environment: string, sha: string): Promise<number> => {
  const { seconds } = await wait(stage, environment, { flags: ['--timeout', '4m'] });
  await proveServing(stage, environment, sha);
  return seconds;
};

export const proveServing = async (stage: Stage, environment: string, sha: string): Promise<void> => {
  const wrong = await notServing(stage.kubernetes, { namespace: stage.name(environment), sha });
  demand(wrong === undefined, `${environment} was called ready, and ${wrong}`);
};

/** Nothing of it is in the cluster. */
export const proveGone = async (stage: Stage, environment: string): Promise<void> => {
  const left = await leftOf(stage.kubernetes, stage.name(environment));
  demand(left.length === 0, `${environment} was called removed, and there is: ${left.join(', ')}`);
};

/** Seconds with one digit, the smallest, middle and largest of them. */
export const spread = (seconds: readonly number[]): string => {
  const sorted = [...seconds].sort((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1);
  return `${at(0)}–${at(1)} s, median ${at(0.5)} s`;
};
