// Close, reopen and push in any order and at any speed end where the pull request says.
import { setTimeout } from 'node:timers/promises';
import type { Case } from '../../publish/case.js';
import { proveGone, readyAnd, reconcile, wait } from '../commands.js';
import { atOnce, shared } from '../shared.js';
import type { Stage } from '../stage.js';

const { stage, end } = shared();
export { end };

const histories = 20;

/** Repeatable: a failing history can be played again. */
const dice = (seed: number) => {
  let state = seed * 2_654_435_761;
  return (): number => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 3_266_489_917) | 0;
    return (state >>> 0) / 4_294_967_296;
  };
};

const play = async (on: Stage, number: number): Promise<'ready' | 'removed'> => {
  const roll = dice(number);
  const { github } = on.world;
  let open = true;
  let sha = on.push(number);
  const story: string[] = ['open'];
  await reconcile(on, number);
  const length = 2 + Math.floor(roll() * 4);
  for (let step = 0; step < length; step++) {
    await setTimeout(roll() < 0.4 ? 0 : roll() * 8000);
    const event: 'close' | 'push' | 'reopen' = open ? (roll() < 0.6 ? 'close' : 'push') : 'reopen';
    if (event === 'close') github.close(number);
    if (event === 'reopen') github.reopen(number);
    if (event === 'push') sha = on.push(number);
    open = event !== 'close';
    story.push(event);
    await reconcile(on, number);
  }
  const environment = `pr-${number}`;
  try {
    if (open) await readyAnd(on, environment, sha);
    else {
      await wait(on, environment, { flags: ['--for', 'removed', '--timeout', '4m'] });
      await proveGone(on, environment);
    }
  } catch (error) {
    throw new Error(`history ${number} (${story.join(', ')}): ${(error as Error).message}`, { cause: error });
  }
  return open ? 'ready' : 'removed';
};

export const cases: readonly Case[] = [
  {
    name: `${histories} random histories of close, reopen and push end where the pull request says`,
    run: async () => {
      const on = await stage();
      const numbers = Array.from({ length: histories }, (_, index) => index + 1);
      const ends = await atOnce(5, numbers, (number) => play(on, number));
      return `${ends.filter((each) => each === 'ready').length} ready, ${ends.filter((each) => each === 'removed').length} removed`;
    },
  },
];
