// What a dead publisher left in the queue: whoever comes next carries it over, and it never overwrites what came later.
import type { Case } from '../case.js';
import type { Wish } from '../faults/job.js';
import { demand, proveHistory, queueOf } from '../faults/proof.js';
import { scenes } from '../faults/scenes.js';
import { goneOf } from '../faults/ended.js';
import { createWorld, type RunOptions, type Stage } from '../faults/world.js';

const world = await createWorld();
const scene = scenes.queued;
const [dead] = scene.wishes;
const another: Wish = { name: 'app-2/pr-50', version: '2' };
const newer: Wish = { name: dead.name, version: '3' };
const enqueued = { point: 'git push 2 ends', how: 'SIGKILL of all' } as const;

/** Somebody else's push comes before the first of this run, so that it goes by the queue. */
const contended = (): NonNullable<RunOptions['fault']> => {
  let left = 1;
  return ({ service, method }, stage) =>
    service === 'receive' && method === 'POST' && left-- > 0
      ? { kind: 'tell', before: () => stage.overtake() }
      : undefined;
};

const succeed = async (stage: Stage, options: RunOptions): Promise<void> => {
  const { code, stderr, pid } = await stage.run(options);
  demand(code === 0, `ended with ${code}: ${stderr}`);
  await goneOf(pid);
};

const leaveEntry = async (stage: Stage): Promise<void> => {
  const { pid } = await stage.run({ at: enqueued });
  await goneOf(pid);
  demand((await queueOf(stage.directory)) === `refs/bivouac/queue/${dead.name}`, 'nothing was left in the queue');
};

/** Nothing waits, and the branch holds just these. */
const proveAll = async ({ directory, start, foreign }: Stage, wishes: readonly Wish[]): Promise<void> => {
  await proveHistory(directory, { start, wishes, foreign });
  demand((await queueOf(directory)) === '', 'the queue isn’t empty');
};

const inScene = async (play: (stage: Stage) => Promise<void>): Promise<undefined> => {
  const stage = await world.enter(scene);
  await play(stage);
  await stage.remove();
};

const signal = (): { readonly given: Promise<void>; give(): void } => {
  let give = (): void => undefined;
  const given = new Promise<void>((resolve) => (give = resolve));
  return { given, give: () => give() };
};

export const cases: readonly Case[] = [
  {
    name: 'another environment’s publisher that goes by the queue carries it over',
    run: () =>
      inScene(async (stage) => {
        await leaveEntry(stage);
        await succeed(stage, { wishes: [another], fault: contended() });
        await proveAll(stage, [dead, another]);
      }),
  },
  {
    name: 'a newer truth published directly takes it out of the queue',
    run: () =>
      inScene(async (stage) => {
        await leaveEntry(stage);
        await succeed(stage, { wishes: [newer] });
        await proveAll(stage, [newer]);
      }),
  },
  {
    name: 'a newer truth by the queue takes its place',
    run: () =>
      inScene(async (stage) => {
        await leaveEntry(stage);
        await succeed(stage, { wishes: [newer], fault: contended() });
        await proveAll(stage, [newer]);
      }),
  },
  {
    name: 'one that arrives after the newer truth has landed is dropped',
    run: () =>
      inScene(async (stage) => {
        const late = signal();
        const onItsWay = signal();
        const overtaken = contended();
        let pushes = 0;
        const { pid } = await stage.run({
          at: { point: 'git push 2 begins', how: 'SIGKILL' }, // its git lives on
          fault: (request, on) => {
            if (request.service !== 'receive') return undefined;
            if (request.method === 'GET') pushes += 1;
            if (pushes < 2) return overtaken(request, on);
            onItsWay.give();
            return { kind: 'delay', until: late.given };
          },
        });
        await onItsWay.given;
        await succeed(stage, { wishes: [newer] });
        late.give();
        await goneOf(pid);
        demand((await queueOf(stage.directory)) !== '', 'it never arrived');
        await succeed(stage, { wishes: [another], fault: contended() });
        await proveAll(stage, [newer, another]);
      }),
  },
];
export const end = (): Promise<void> => world.end();
