import type { CiSystem, EventAdapter, EventReading, Variables } from './adapter.js';
import { githubActions } from './github-actions.js';

export type { CiSystem, EventReading, Variables } from './adapter.js';

const adapters: readonly EventAdapter[] = [githubActions];

/** The first system that recognises itself; undefined: none that is known. */
export const detect = (env: Variables): CiSystem | undefined => {
  for (const adapter of adapters) {
    const system = adapter.detect(env);
    if (system !== undefined) return system;
  }
  return undefined;
};

/** What the event is about. `payload` is the parsed content of `payloadPath`. @throws UserError InvalidEvent */
export const readEvent = (env: Variables, payload: unknown): EventReading => {
  const adapter = adapters.find((candidate) => candidate.detect(env) !== undefined);
  return adapter === undefined ? { kind: 'none', system: 'none', event: '' } : adapter.read(env, payload);
};
