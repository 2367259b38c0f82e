import { setTimeout as wait } from 'node:timers/promises';
import { demand, proveTemporaries, treesAt } from './proof.js';
import type { Bounds } from './job.js';
import { goneOf } from './ended.js';
import { token, type RunOptions, type Scene, type World } from './world.js';
import { landedIn, prove } from './kill.js';
import { NotHere, type Prepare } from './places.js';
import type { Ended } from '../case.js';

/** What goes wrong, and how the publisher must end. */
export interface Hostility extends Bounds {
  readonly name: string;
  readonly scene: Scene;
  /** With the requests of the first run. */
  readonly fault?: RunOptions['fault'];
  /** With the repository or this machine, before the first run. */
  readonly prepare?: Prepare;
  readonly ends: Ending;
  /** The first run must be over by then; milliseconds. @default 20000 */
  readonly withinMs?: number;
}

/** Published nevertheless, or one of these errors. */
export type Ending =
  'published' | { readonly exit: 4 | 5; readonly code: string; readonly changed: 'nothing' | 'unknown' };

/** One run against the odds, then one without; after each, the promises of `docs/publishing.md`. */
export const withstand = async (world: World, hostility: Hostility): Promise<Ended> => {
  try {
    await withstandHere(world, hostility);
    return undefined;
  } catch (error) {
    if (error instanceof NotHere) return { skipped: error.message };
    throw error;
  }
};

const withstandHere = async (world: World, { scene, fault, prepare, ...hostility }: Hostility): Promise<void> => {
  const stage = await world.enter(scene);
  const before = await treesAt(stage.directory, scene.wishes).catch(() => scene.wishes.map(() => undefined));
  const heal = await prepare?.(stage);
  try {
    const { ends, deadlineMs, patienceMs, withinMs = 20_000 } = hostility;
    const bounds = { ...(deadlineMs !== undefined && { deadlineMs }), ...(patienceMs !== undefined && { patienceMs }) };
    const first = await Promise.race([
      stage.run({ ...bounds, ...(fault && { fault }) }),
      wait(withinMs + 60_000, undefined, { ref: false }),
    ]);
    if (first === undefined) throw new Error(`not over a minute after ${withinMs} ms`);
    demand(first.tookMs <= withinMs, `took ${first.tookMs} ms, more than ${withinMs}`);
    const landed = await landedIn(stage, scene, before);
    expectEnding(ends, { ...first, landed });
    demand(!`${first.stdout}${first.stderr}`.includes(token), 'shows the token');
    await goneOf(first.pid);
    demand((await proveTemporaries(stage.temporary, token)).length === 0, 'left a temporary directory');
  } finally {
    await heal?.();
  }
  const again = await stage.run();
  demand(again.code === 0, `the next run ended with ${again.code}: ${again.stderr}`);
  await goneOf(again.pid);
  await prove(stage, scene);
  await stage.remove();
};

interface Seen {
  readonly code: number | undefined;
  readonly stderr: string;
  readonly landed: boolean;
}

const expectEnding = (ends: Ending, { code, stderr, landed }: Seen): void => {
  if (ends === 'published') {
    demand(code === 0, `ended with ${code}: ${stderr}`);
    return demand(landed, 'says that it is published, and it isn’t');
  }
  const told = (field: string): string => new RegExp(`^  ${field}: +(.*)$`, 'm').exec(stderr)?.[1] ?? '';
  demand(code === ends.exit, `ended with ${code} instead of ${ends.exit}: ${stderr}`);
  demand(told('code') === ends.code, `is ${told('code')} instead of ${ends.code}: ${stderr}`);
  demand(told('changed').startsWith(ends.changed), `says “changed: ${told('changed')}” instead of ${ends.changed}`);
  demand(told('next') !== '', 'names no next step');
  demand(!(landed && ends.changed === 'nothing'), 'says that nothing was changed, and it was');
};
