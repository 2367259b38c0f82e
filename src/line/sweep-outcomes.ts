import type { Config } from '../config/config.js';
import { tooManyRemovals } from '../decide/removals.js';
import type { Base } from '../gitops/port.js';
import { type EnvironmentId, printId } from '../model/names.js';
import type { Outcome } from '../model/outcome.js';
import { parseRecord } from '../synth/record.js';
import type { Held } from './sweep.js';

/** Git’s records, as the sweep takes them. */
export const heldIn = ({ names, environments }: Base): readonly Held[] =>
  names.map((id) => {
    const files = environments.get(printId(id))?.files;
    return {
      id,
      read: parseRecord(files?.get('environment.json') ?? ''),
      readme: files?.get('README.md') ?? '',
    };
  });

export interface Breaker {
  readonly total: number;
  readonly config: Config;
  /** What `--allow-removals` lets through. */
  readonly allowed: number;
}

/** Why these removals are too many for one run, whatever the reason; undefined: they aren’t. */
export const breaker = (going: readonly EnvironmentId[], { total, config, allowed }: Breaker): string | undefined =>
  going.length <= allowed ? undefined : tooManyRemovals(going, total, config.limits);

export const refusedRemoval = (id: EnvironmentId, message: string): Outcome => ({
  id,
  outcome: 'Rejected',
  reason: 'TooManyRemovals',
  message: `${message} Look at them; \`bivouac sweep --allow-removals N\` allows N.`,
});

export const untouchedOutcome = (count: number): Outcome => ({
  outcome: 'Ignored',
  reason: 'ChartsChanged',
  message: `${count} ${count === 1 ? 'environment is' : 'environments are'} at the commit, selection and lifetime that ${count === 1 ? 'its pull request wants' : 'their pull requests want'}: what only newer charts or configuration would change comes with the next event, or by \`sweep --refresh\`.`,
});
