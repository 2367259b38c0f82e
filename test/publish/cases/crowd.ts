import { buildScript, runCrowd, type Script } from '../../gitops/crowd/crowd.js';
import { faultsOfCrowd, trafficOf, type Claim } from '../../gitops/crowd/proof.js';
import { openScene, type Scene } from '../../gitops/crowd/scene.js';
import type { Case } from '../case.js';

const environments = 1_000;
/** Counts are asserted; times are printed, since they are the machine's as much as ours. */
const goals = { rejected: 1.1, faster: 10 } as const;

/** Half of them exist already. */
const nameOf = (index: number): string =>
  `app-${index % 32}/pr-${index % 2 === 0 ? 1 + Math.floor(index / 32) : 900 + index}`;

const prove = async (scene: Scene, claim: Pick<Claim, 'truths' | 'commits'>): Promise<void> => {
  const faults = await faultsOfCrowd({ directory: scene.directory, start: scene.start, ...claim });
  if (faults.length > 0) throw new Error(faults.join('; '));
};

interface Run {
  readonly seconds: number;
  readonly rejected: number;
  readonly text: string;
}

const report = async (scene: Scene, seconds: number, changes: number): Promise<Run> => {
  const { requests, megabytes } = trafficOf(scene.server.log);
  const { tried, rejected } = await scene.pushes();
  const each = (count: number): string => (count / changes).toFixed(2);
  const text = `${seconds.toFixed(1)} s, ${tried} pushes (${each(rejected)} rejected a change), ${requests} requests (${each(requests)} a change), ${megabytes.toFixed(1)} MB`;
  return { seconds, rejected: rejected / changes, text };
};

const differentOnes = async (count: number, script: Script): Promise<Run> => {
  const scene = await openScene({ environments });
  const built = await buildScript(script);
  try {
    const names = Array.from({ length: count }, (_, index) => nameOf(index));
    const jobs = await Promise.all(names.map((name) => scene.jobOf(name, 'crowd')));
    const { seconds } = await runCrowd(built, jobs);
    await prove(scene, { truths: new Map(names.map((name) => [name, 'crowd'])) });
    return await report(scene, seconds, count);
  } finally {
    await built.remove();
    await scene.stop();
  }
};

const expectFewRejected = ({ rejected, text }: Run): string => {
  if (rejected > goals.rejected) throw new Error(`more than ${goals.rejected} rejected pushes a change: ${text}`);
  return text;
};

/** Each begins with a newer truth, while the others are on their way; the last one stays. */
const onOne = async (count: number): Promise<string> => {
  const scene = await openScene({ environments });
  const built = await buildScript('publisher');
  const name = 'app-0/pr-1';
  try {
    const jobs = await Promise.all(Array.from({ length: count }, () => scene.jobOf(name, 'v0')));
    const { seconds } = await runCrowd(built, jobs, {
      apartMs: 40,
      beforeStart: (index) => scene.setTruth(name, `v${index + 1}`),
    });
    await prove(scene, { truths: new Map([[name, `v${count}`]]), commits: { atMost: count } });
    const commits = await scene.git('rev-list', '--count', `${scene.start}..main`);
    return `${commits} commits; ${(await report(scene, seconds, count)).text}`;
  } finally {
    await built.remove();
    await scene.stop();
  }
};

export const cases: readonly Case[] = [
  { name: '20 processes on one environment', run: () => onOne(20) },
  {
    name: '100 processes on different environments',
    run: async () => expectFewRejected(await differentOnes(100, 'publisher')),
  },
  {
    name: '50 processes on different environments, and as many clone-and-rebase scripts',
    run: async () => {
      const ours = await differentOnes(50, 'publisher');
      expectFewRejected(ours);
      const scripts = await differentOnes(50, 'cloner');
      const faster = (scripts.seconds / ours.seconds).toFixed(1);
      return `${faster} times as fast (goal: ${goals.faster}). Bivouac ${ours.text}. Scripts ${scripts.text}`;
    },
  },
];
