import { setTimeout } from 'node:timers/promises';
import type { Loop } from './loop.js';
import { record } from './recording.js';
import type { Thread } from './thread.js';
import { keep } from './times.js';

/** What shall become true in Git, in the cluster and in the comment after something was done to a pull request. */
export interface Following {
  /** For the table of times. */
  readonly step: string;
  /** For pictures: when the comment says that Git has it, and when it says that the cluster has it, too. */
  readonly captions: readonly [string, string];
  readonly thread: Thread;
  /** When it was done, of `performance.now()`. */
  readonly began: number;
  /** Undefined: the GitOps branch doesn’t hold what is wanted yet. */
  readonly isInGit: () => Promise<true | undefined>;
  /** What the comment says as soon as Git has it. */
  readonly first: RegExp;
  /** By the cluster alone: what is lacking; undefined: nothing. */
  readonly lacking: () => Promise<string | undefined>;
  /** What the comment says once the cluster has it, too; it must be true at that very moment. */
  readonly last: RegExp;
}

interface Seen<Answer> {
  readonly answer: Answer;
  /** Since it was done. */
  readonly seconds: number;
}

const patienceMs = 150_000;

/** What a failure shows of a comment. */
export const cut = (comment = 'there is none'): string => comment.slice(0, 600);

/** Watches Git, cluster and comment side by side until all have come to it; keeps the times. Gives the comment. */
export const follow = async (loop: Loop, following: Following): Promise<string> => {
  const { step, captions, thread, began, isInGit, lacking, first, last } = following;
  let failure: Error | undefined;
  const seen = async <Answer>(what: () => string, probe: () => Promise<Answer | undefined>): Promise<Seen<Answer>> => {
    for (;;) {
      const answer = await probe().catch((error: Error) => {
        throw (failure = error);
      });
      const ms = performance.now() - began;
      if (answer !== undefined) return { answer, seconds: ms / 1000 };
      if (failure !== undefined) throw failure;
      if (ms > patienceMs) throw (failure = new Error(`${step}: after ${Math.round(ms / 1000)} s ${what()}`));
      await setTimeout(150);
    }
  };
  let [said, wrong]: [string | undefined, string | undefined] = [undefined, 'nobody has looked'];
  const comment = (pattern: RegExp) =>
    seen(
      () => `the comment doesn’t say ${pattern}, but: ${cut(said)}`,
      async () => {
        said = await thread.comment();
        return said !== undefined && pattern.test(said) ? said : undefined;
      },
    );
  const told = async () => {
    const early = await comment(first);
    await record(loop, thread, {
      name: `${step}, first`,
      caption: captions[0],
      body: early.answer,
      seconds: early.seconds,
    });
    const late = await comment(last);
    const untrue = await lacking();
    if (untrue !== undefined)
      throw (failure = new Error(`the comment says ${last}, and ${untrue}: ${cut(late.answer)}`));
    await record(loop, thread, { name: step, caption: captions[1], body: late.answer, seconds: late.seconds });
    return { early, late };
  };
  const inCluster = () =>
    seen(
      () => `in the cluster: ${wrong}`,
      async () => ((wrong = await lacking()) === undefined ? true : undefined),
    );
  const inGit = () => seen(() => 'Git doesn’t hold it', isInGit);
  const watched = [inGit(), told(), inCluster()] as const;
  await Promise.allSettled(watched); // nobody looks on after it has failed
  const [git, { early, late }, cluster] = await Promise.all(watched);
  const push = loop.service.pushSeconds(began);
  const settled = { cluster: cluster.seconds, settled: late.seconds };
  keep({ step, git: git.seconds, told: early.seconds, ...settled, ...(push !== undefined && { push }) });
  return late.answer;
};
