import { demand, idOfWish, proveHistory, proveTemporaries, queueOf, treesAt } from './proof.js';
import type { How, Target } from './job.js';
import { age, goneOf, type Ended } from './ended.js';
import { token, type RunOptions, type Scene, type Stage, type World } from './world.js';

/** Every point of a scene that a publisher reaches when nothing goes wrong. */
export const pointsOf = async (world: World, scene: Scene): Promise<readonly string[]> => {
  const stage = await world.enter(scene);
  const { code, stderr } = await stage.run();
  demand(code === 0, `the scene itself fails: ${stderr}`);
  await prove(stage, scene);
  const points = await stage.points();
  await stage.remove();
  return points;
};

/** Milliseconds, from its start. */
const leaveMs = 15_000;

/** Stops a publisher at a point, looks at what there is, runs it again, and proves that the work is done once and whole. */
export const stopAndFinish = async (
  world: World,
  scene: Scene,
  { at, ...options }: RunOptions & { readonly at: Target },
): Promise<void> => {
  const stage = await world.enter(scene);
  const before = await treesAt(stage.directory, scene.wishes).catch(() => scene.wishes.map(() => undefined));
  const stopped = await stage.run({ at, ...options });
  demand(stopped.tookMs < leaveMs, `left only after ${stopped.tookMs} ms`);
  demand((await stage.points()).includes(at.point), `${at.point} was never reached`);
  const landed = await landedIn(stage, scene, before);
  if (!(stopped.code === 0 && landed)) expectEnd(stopped, at.how); // else the signal came when all was done

  const left = await proveTemporaries(stage.temporary, token);
  demand(left.length <= (at.how === 'SIGTERM' ? 0 : 1), `${left.length} temporary directories were left`);
  const again = await stage.run(); // while what the first one started may still be pushing
  demand(again.code === 0, `the next run ended with ${again.code}: ${again.stderr}`);
  await goneOf(stopped.pid);
  await goneOf(again.pid);
  await clearLate(stage);
  await prove(stage, scene);
  demand((await proveTemporaries(stage.temporary, token)).length === 0, 'what a killed run left is never removed');
  await stage.remove();
};

/** Takes away what came late: an entry in the queue, files of a git that outlived its publisher. */
const clearLate = async (stage: Stage): Promise<void> => {
  const late = await proveTemporaries(stage.temporary, token);
  if (late.length === 0 && (await queueOf(stage.directory)) === '') return;
  await age(late);
  await stage.run();
};

const expectEnd = ({ code, stderr }: Ended, how: How): void => {
  if (how !== 'SIGTERM') return demand(code === undefined, `ended with ${code} before it was killed: ${stderr}`);
  demand(code === 143, `ended with ${code} instead of 143: ${stderr}`);
  demand(/changed: all of .*, or nothing of it/.test(stderr), `doesn’t say what was changed: ${stderr}`);
  demand(!stderr.includes('error:'), `says more than that it was stopped: ${stderr}`);
};

/** Whether the push has landed; each environment is as before or as wanted, and all of one push are alike. */
export const landedIn = async (
  { directory }: Stage,
  scene: Scene,
  before: readonly (string | undefined)[],
): Promise<boolean> => {
  const now = await treesAt(directory, scene.wishes);
  const landed = now.map((id, index) => id === idOfWish(scene.wishes[index]!));
  const untouched = now.map((id, index) => id === before[index]);
  demand(landed.every(Boolean) || untouched.every(Boolean), 'a half-written change is on the branch');
  return landed.every(Boolean);
};

export const prove = async ({ directory, start, foreign }: Stage, { wishes }: Scene): Promise<void> => {
  await proveHistory(directory, { start, wishes, foreign });
  const queued = await queueOf(directory);
  demand(queued === '', `left in the queue: ${queued}`);
};
