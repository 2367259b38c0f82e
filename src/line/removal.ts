import type { Config } from '../config/config.js';
import { type TeardownEnd, teardownEnd } from '../decide/teardown.js';
import type { StoredEnvironment } from '../gitops/port.js';
import type { EnvironmentRecord } from '../model/environment.js';
import type { TeardownState } from '../model/teardown.js';
import type { Serializer } from '../synth/serialize.js';
import { type Teardown, teardownOf, teardownTasks } from '../synth/teardown.js';

/** What Git holds of an environment that shall go. */
export interface Leaving {
  readonly stored?: StoredEnvironment;
  readonly record?: EnvironmentRecord;
  /** How far its teardown is; absent: there is none, or nobody who looks. */
  readonly seen?: TeardownState;
}

export interface WayOut {
  /** What is written first: the directory goes once its tasks have ended. */
  readonly teardown?: Teardown;
  /** How the teardown before it has ended; absent: there was none. */
  readonly ended?: TeardownEnd;
}

export interface RemovalContext {
  readonly now: Date;
  readonly forge: Config['forge'];
  readonly serializer: Serializer;
}

/**
 * At once, or in two steps where the environment declares teardown tasks. These run from a commit of their own, and the directory goes
 * when they have ended or the teardown’s deadline is over (`teardownSeconds`), whichever run comes by then. A text: not yet, and why.
 */
export function wayOut({ stored, record, seen }: Leaving, context: RemovalContext): WayOut | string {
  if (stored === undefined || record === undefined) return {};
  if (record.state !== 'teardown') {
    const teardown = teardownOf(stored.files, { record, ...context });
    return teardown === undefined ? {} : { teardown };
  }
  const ended = teardownEnd(record, { now: context.now, ...(seen !== undefined && { seen }) });
  if (ended !== undefined) return { ended };
  return waiting[seen === 'running' || seen === 'unknown' ? seen : 'nobody'](spoken(record.expiresAt));
}

const waiting: Readonly<Record<'nobody' | 'unknown' | 'running', (until: string) => string>> = {
  nobody: (until) =>
    `Its teardown tasks run until ${until}, then it is removed. Nobody watches the cluster: the next event or sweep after that does it.`,
  unknown: (until) =>
    `Its teardown tasks can’t be seen at the moment. The next event or sweep that sees their end, or comes after ${until}, removes it.`,
  running: (until) =>
    `Its teardown tasks run, until ${until} at the latest. The next event or sweep that sees their end, or comes after that, removes it.`,
};

/** How long a run looks at teardown tasks; `never`: nobody can. */
export type Looks = 'until-done' | 'once' | 'never';

/** The outcome's message while the tasks run. */
export const begun = (
  { tasks, record }: Teardown,
  { mode, looks }: { readonly mode: 'push' | 'dry-run'; readonly looks: Looks },
): string => {
  const until = spoken(record.expiresAt);
  if (mode === 'dry-run')
    return `would be torn down first: ${tasks.join(', ')} would run, until ${until} at the latest; then it would be removed`;
  const run = `teardown began: ${tasks.join(', ')} ${tasks.length === 1 ? 'runs' : 'run'}`;
  switch (looks) {
    case 'until-done':
      return `${run}, until ${until} at the latest; then it is removed`;
    case 'once':
      return `${run}, until ${until} at the latest; the next event or sweep that sees its end, or comes after that, removes it`;
    case 'never':
      return `${run} until ${until}, then it is removed; nobody watches the cluster: the next event or sweep after that does it`;
  }
};

/** What a person should know about a teardown that didn't end well; undefined: it did. */
export const teardownWarning = (ended: TeardownEnd, { stored, record }: Leaving): string | undefined => {
  const tasks = teardownTasks(stored?.files ?? new Map()).join(', ');
  const until = spoken(record?.expiresAt ?? '');
  const left = 'what it should have cleaned up may be left: look there by hand';
  switch (ended) {
    case 'done':
      return undefined;
    case 'failed':
      return `the teardown failed (${tasks}), ${left}`;
    case 'overdue':
      return `the teardown wasn’t done at its deadline, ${until} (${tasks}), ${left}`;
    case 'unobserved':
      return `nobody saw the teardown end until its deadline, ${until} (${tasks}), ${left}`;
  }
};

/** `2026-11-30 10:04:05 UTC` */
const spoken = (time: string): string => `${time.slice(0, 19).replace('T', ' ')} UTC`;
