// A publisher that is stopped at each point that it reaches, in three ways; the next run finishes the work.
import { availableParallelism } from 'node:os';
import type { Case } from '../case.js';
import type { How, Target } from '../faults/job.js';
import { pointsOf, stopAndFinish } from '../faults/kill.js';
import { scenes } from '../faults/scenes.js';
import { createWorld, type Scene } from '../faults/world.js';

const ways: readonly How[] = ['SIGTERM', 'SIGKILL', 'SIGKILL of all'];
const world = await createWorld();

type Select = (points: readonly string[]) => readonly Target[];
const everyWay: Select = (points) => points.flatMap((point) => ways.map((how) => ({ point, how })));
const waysInTurn: Select = (points) => points.map((point, index) => ({ point, how: ways[index % ways.length]! }));
const everyThird: Select = (points) =>
  points.filter((_, index) => index % 3 === 1).map((point, index) => ({ point, how: ways[index % ways.length]! }));

const casesOf = async (scene: Scene, select: Select): Promise<readonly Case[]> => {
  const all = await pointsOf(world, scene);
  const points = scene.contended === true ? all.slice(all.indexOf('wait 1 begins')) : all; // up to there as in the direct way
  return select(points).map((target) => ({
    name: `${scene.name}: ${target.how} at: ${target.point}`,
    run: async () => {
      await stopAndFinish(world, scene, { at: target });
      return undefined;
    },
  }));
};

/** Its git waits for an answer that never comes. */
const inSilence = (await pointsOf(world, scenes.create))
  .filter((point) => point.startsWith('request') && point.endsWith('arrives'))
  .map((point, index) => ({
    name: `the server is silent: SIGTERM at: ${point}`,
    run: async () => {
      await stopAndFinish(world, scenes.create, {
        at: { point, how: 'SIGTERM' },
        patienceMs: 5_000,
        fault: ({ number }) => (number > index ? { kind: 'hang' } : undefined),
      });
      return undefined;
    },
  }));

export const cases: readonly Case[] = [
  ...(await casesOf(scenes.create, everyWay)),
  ...(await casesOf(scenes.update, waysInTurn)),
  ...(await casesOf(scenes.remove, waysInTurn)),
  ...(await casesOf(scenes.first, waysInTurn)),
  ...(await casesOf(scenes.two, waysInTurn)),
  ...(await casesOf(scenes.queued, waysInTurn)),
  ...(await casesOf(scenes.removedByQueue, everyThird)),
  ...(await casesOf(scenes.twoByQueue, everyThird)),
  ...inSilence,
];
export const atOnce = availableParallelism();
export const end = (): Promise<void> => world.end();
