// "Ready" compared with the live pods, while everybody else commits all the time.
import { setTimeout } from 'node:timers/promises';
import type { Case } from '../../publish/case.js';
import { proveServing, reconcile, spread } from '../commands.js';
import { atOnce, shared } from '../shared.js';
import type { Stage } from '../stage.js';

const { stage, end } = shared();
export { end };

const updates = 100;
const lanes = 5;

/** Another environment's object changes several times a second, as in a repository that many share. */
const bustle = (on: Stage) => {
  let [count, going] = [0, true];
  const path = `${on.directory('pr-1')}/manifests/noise.yaml`;
  const work = async (): Promise<void> => {
    while (going) {
      const map = `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: noise, namespace: ${on.name('pr-1')} }\ndata: { n: "${++count}" }\n`;
      await on.commit({ [path]: map });
      await setTimeout(200 + Math.random() * 500);
    }
  };
  const done = work();
  return {
    end: async (): Promise<number> => {
      going = false;
      await done;
      return count;
    },
  };
};

export const cases: readonly Case[] = [
  {
    name: `${updates} updates while other environments commit all the time: never ready too early`,
    run: async () => {
      const on = await stage();
      on.push(1);
      await reconcile(on, 1);
      const others = bustle(on);
      const numbers = Array.from({ length: lanes }, (_, lane) => lane + 2);
      const seconds = await atOnce(lanes, numbers, async (number) => {
        const took: number[] = [];
        for (let update = 0; update < updates / lanes; update++) {
          const sha = on.push(number);
          const began = performance.now();
          await reconcile(on, number, { flags: ['--wait', '--timeout', '4m'] });
          await proveServing(on, `pr-${number}`, sha);
          took.push((performance.now() - began) / 1000);
        }
        return took;
      }).finally(async () => others.end());
      return `push to ready ${spread(seconds.flat())}; ${await others.end()} commits of others`;
    },
  },
];
