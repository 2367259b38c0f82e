// A fork's pull request: nothing without an approval of exactly its head commit, by somebody who may write.
import type { Case } from '../../publish/case.js';
import { demand } from '../../publish/faults/proof.js';
import { until } from '../../cluster/seen.js';
import { cut, follow } from '../following.js';
import { type Loop, theLoop } from '../loop.js';
import { record } from '../recording.js';
import { says } from '../says.js';
import { heldOf, lackingToBeGone, lackingToRun } from '../states.js';
import { type Thread, threadOf } from '../thread.js';

const title = 'Correct a word on the start page';
const components = ['api', 'database', 'web'];

interface Story {
  readonly loop: Loop;
  readonly thread: Thread;
  readonly sha: string;
}

let story: Story | undefined;

const current = (): Story => {
  if (story === undefined) throw new Error('the step before failed');
  return story;
};

/** The comment says what it says of the commit; gives it. */
const untilSays = async ({ thread }: Story, pattern: RegExp): Promise<string> => {
  let said: string | undefined;
  const probe = async (): Promise<string | undefined> => {
    said = await thread.comment();
    return said !== undefined && pattern.test(said) ? said : undefined;
  };
  return until(60, probe, { what: () => `the comment doesn’t say ${pattern}, but: ${cut(said)}`, everyMs: 200 });
};

const expectNothing = async ({ loop, thread }: Story): Promise<void> => {
  demand((await heldOf(loop, thread)) === undefined, 'Git has an environment');
  const there = await lackingToBeGone(loop, thread);
  demand(there === undefined, `in the cluster ${there}`);
};

const approve = async (now: Story, { step, caption }: { readonly step: string; readonly caption: string }) => {
  const { loop, thread, sha } = now;
  const began = performance.now();
  const said = thread.say(`/bivouac approve ${sha}`, loop.author);
  await follow(loop, {
    ...{ step, began, thread },
    captions: [`${caption}: committed, and told`, 'Ready, and told: the cluster runs the approved commit'],
    isInGit: async () => ((await heldOf(loop, thread))?.headSha === sha ? true : undefined),
    lacking: () => lackingToRun(loop, thread, { sha, components }),
    ...{ first: says.inGit(sha), last: says.ready(sha) },
  });
  demand((await said) === '+1', 'the approval wasn’t acknowledged');
};

export const cases: readonly Case[] = [
  {
    name: 'it opens and gets nothing; its author may not approve it',
    run: async () => {
      const loop = await theLoop();
      const began = performance.now();
      const { number, sha } = await loop.application.openFromFork(loop.guest, title);
      const now: Story = { loop, sha, thread: threadOf(loop, { number, title }) };
      const body = await untilSays(now, /^### .*: no environment[^]*fork[^]*\/bivouac approve/m);
      const seconds = (performance.now() - began) / 1000;
      demand(body.includes(sha), `the comment doesn’t name the commit to approve: ${cut(body)}`);
      await record(loop, now.thread, {
        ...{ name: 'a fork opens', seconds, body },
        caption: 'A fork’s pull request gets nothing until it is approved',
      });
      const reaction = await now.thread.say(`/bivouac approve ${sha}`, loop.guest);
      demand(reaction === 'confused', `the author’s own approval was answered with ${reaction}`);
      await expectNothing(now);
      story = now;
      return `told after ${seconds.toFixed(1)} s`;
    },
  },
  {
    name: 'half of the commit’s id approves nothing',
    run: async () => {
      const now = current();
      const reaction = await now.thread.say(`/bivouac approve ${now.sha.slice(0, 12)}`, now.loop.author);
      demand(reaction === 'confused', `it was answered with ${reaction}`);
      const [answer] = (await now.thread.remarks()).filter(({ author }) => author === now.loop.bot.name);
      demand(answer?.body.includes(`/bivouac approve ${now.sha}`) === true, `the answer is: ${answer?.body}`);
      await expectNothing(now);
      return undefined;
    },
  },
  {
    name: 'approved by somebody who may write it gets one',
    run: async () => {
      await approve(current(), { step: 'a fork is approved', caption: 'Approved by somebody who may write' });
      return undefined;
    },
  },
  {
    name: 'a push to the fork takes another approval',
    run: async () => {
      const before = current();
      story = undefined;
      const { loop, thread } = before;
      const sha = await loop.application.push('theirs', loop.guest);
      const now = { ...before, sha };
      const left = new RegExp(`^### .*: left as it is at \`${before.sha.slice(0, 7)}\`[^]*${sha}`, 'm');
      const body = await untilSays(now, left);
      await record(loop, thread, {
        ...{ name: 'a push to the fork', body, seconds: 0 },
        caption: 'A push voids the approval: what is there stays as it is',
      });
      const held = await heldOf(loop, thread);
      demand(held?.headSha === before.sha, `Git holds ${held?.headSha}`);
      const wrong = await lackingToRun(loop, thread, { sha: before.sha, components });
      demand(wrong === undefined, `${wrong}`);
      await approve(now, { step: 'its new commit is approved', caption: 'The new commit is approved' });
      story = now;
      return undefined;
    },
  },
  {
    name: 'it closes, and nothing is left',
    run: async () => {
      const { loop, thread } = current();
      const began = performance.now();
      await loop.application.close(thread.number);
      await follow(loop, {
        ...{ step: 'the fork’s pull request closes', began, thread },
        captions: ['The pull request closes: removed from Git, and told', 'Nothing is left, and the receipt says so'],
        isInGit: async () => ((await heldOf(loop, thread)) === undefined ? true : undefined),
        lacking: () => lackingToBeGone(loop, thread),
        ...{ first: says.removed, last: says.gone },
      });
      return undefined;
    },
  },
];
