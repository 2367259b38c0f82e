// A pull request's life, from its opening to its receipt: what Git, the cluster and the comment hold at each step.
import type { Case } from '../../publish/case.js';
import { demand } from '../../publish/faults/proof.js';
import { until } from '../../cluster/seen.js';
import { cut, follow } from '../following.js';
import { type Loop, theLoop } from '../loop.js';
import { says } from '../says.js';
import { claimOf, type Held, heldOf, lackingToBeGone, lackingToRun, lackingToSleep } from '../states.js';
import { type Thread, threadOf } from '../thread.js';

const branch = 'discount';
const title = 'Show the discount in the cart';
const usual = ['api', 'database', 'web'];
const withMailer = [...usual, 'mailer'];

/** What the cases hand on, each to the next. */
interface Story {
  readonly loop: Loop;
  readonly thread: Thread;
  readonly sha: string;
  readonly components: readonly string[];
}

let story: Story | undefined;

const going = (play: (now: Story) => Promise<Partial<Story>>) => async (): Promise<undefined> => {
  if (story === undefined) throw new Error('it never opened');
  story = { ...story, ...(await play(story)) };
};

const isHeld = async ({ loop, thread }: Story, test: (held: Held) => boolean): Promise<true | undefined> => {
  const held = await heldOf(loop, thread);
  return held !== undefined && test(held) ? true : undefined;
};
const isNotHeld = async ({ loop, thread }: Story): Promise<true | undefined> =>
  (await heldOf(loop, thread)) === undefined ? true : undefined;

const running = (now: Story) => ({
  thread: now.thread,
  isInGit: () =>
    isHeld(
      now,
      ({ headSha, state, components }) =>
        headSha === now.sha && state === 'active' && components.length === now.components.length,
    ),
  lacking: () => lackingToRun(now.loop, now.thread, now),
  first: says.inGit(now.sha),
  last: says.ready(now.sha),
});

const removed = (now: Story) => ({
  thread: now.thread,
  isInGit: () => isNotHeld(now),
  lacking: () => lackingToBeGone(now.loop, now.thread),
  ...{ first: says.removed, last: says.gone },
});

const command = async ({ loop, thread }: Story, text: string): Promise<void> => {
  const reaction = await thread.say(text, loop.author);
  demand(reaction === '+1', `${text} was answered with ${reaction}`);
};

/** A comment with a command is posted, and what comes of it followed; then its answer is looked at. */
const steer = async (
  now: Story,
  text: string,
  rest: Omit<Parameters<typeof follow>[1], 'step' | 'began'>,
): Promise<void> => {
  const began = performance.now();
  const said = command(now, text);
  await follow(now.loop, { step: text, began, ...rest });
  await said;
};

/** It is told right after the comment. */
const expectStatus = async ({ loop, thread, sha }: Story, state: string): Promise<void> => {
  let status = '';
  const probe = async (): Promise<boolean> => {
    status = await loop.application.status(sha);
    return status === `bivouac/${thread.environment} ${state}`;
  };
  await until(10, probe, { what: () => `the commit’s status is ${status}`, everyMs: 200 });
};

export const cases: readonly Case[] = [
  {
    name: 'everything is set up',
    run: async () => {
      const { isTold } = await theLoop();
      return isTold ? 'Gitea tells Argo CD of pushes' : 'Argo CD’s webhook doesn’t answer: it polls';
    },
  },
  {
    name: 'it opens, and its environment becomes ready',
    run: async () => {
      const loop = await theLoop();
      const began = performance.now();
      const { number, sha } = await loop.application.openPullRequest(branch, { title, token: loop.author.token });
      const now: Story = { loop, sha, thread: threadOf(loop, { number, title }), components: usual };
      await follow(loop, {
        ...{ step: 'a pull request opens', began, ...running(now) },
        captions: ['A pull request opens: committed, and told', 'Ready, and told: the cluster runs it'],
      });
      await expectStatus(now, 'success');
      story = now;
      return undefined;
    },
  },
  {
    name: 'a push replaces it',
    run: going(async (before) => {
      const began = performance.now();
      const sha = await before.loop.application.push(branch);
      const now = { ...before, sha };
      await follow(before.loop, {
        ...{ step: 'a push', began, ...running(now) },
        captions: ['A push: committed, and told', 'Ready, and told: the cluster runs the new commit'],
      });
      await expectStatus(now, 'success');
      return now;
    }),
  },
  {
    name: 'a label adds a component',
    run: going(async (before) => {
      const { loop, thread } = before;
      const label = 'bivouac:with-mailer';
      const repository = `/repos/${loop.organisation}/shop`;
      await loop.forge.ask('POST', `${repository}/labels`, { body: { name: label, color: '#2a6f4e' } });
      const began = performance.now();
      await loop.forge.ask('POST', `${repository}/issues/${thread.number}/labels`, { body: { labels: [label] } });
      const now = { ...before, components: withMailer };
      const body = await follow(loop, {
        ...{ step: 'a label adds a component', began, ...running(now) },
        captions: ['A label asks for the mailer: committed, and told', 'Ready, and told: the mailer runs, too'],
        first: /`mailer`/,
      });
      demand(
        /^\| `mailer` \|.*\| asked for \|$/m.test(body),
        `the comment doesn’t say why the mailer is in: ${cut(body)}`,
      );
      return now;
    }),
  },
  {
    name: '/bivouac sleep stops everything and keeps the volume',
    run: going(async (now) => {
      const claim = await claimOf(now.loop, now.thread);
      await steer(now, '/bivouac sleep', {
        thread: now.thread,
        captions: ['/bivouac sleep: committed, and told', 'Asleep, and told: nothing runs, the volume is kept'],
        isInGit: () => isHeld(now, ({ state }) => state === 'asleep'),
        lacking: () => lackingToSleep(now.loop, now.thread),
        ...{ first: says.goingToSleep, last: says.asleep },
      });
      demand((await claimOf(now.loop, now.thread)) === claim, 'the volume is another one');
      return {};
    }),
  },
  {
    name: '/bivouac wake starts it again',
    run: going(async (now) => {
      const claim = await claimOf(now.loop, now.thread);
      await steer(now, '/bivouac wake', {
        ...running(now),
        captions: ['/bivouac wake: committed, and told', 'Ready, and told: everything runs, with the data it had'],
      });
      demand((await claimOf(now.loop, now.thread)) === claim, 'the volume is another one');
      return {};
    }),
  },
  {
    name: '/bivouac down removes it, with a receipt',
    run: going(async (now) => {
      await steer(now, '/bivouac down', {
        ...removed(now),
        captions: ['/bivouac down: removed from Git, and told', 'Nothing is left, and the receipt says so'],
      });
      demand((await now.thread.labels()).includes('bivouac:off'), 'it isn’t labelled bivouac:off');
      await expectStatus(now, 'success');
      return {};
    }),
  },
  {
    name: '/bivouac up brings it back',
    run: going(async (now) => {
      await steer(now, '/bivouac up', {
        ...running(now),
        captions: ['/bivouac up: committed, and told', 'Ready, and told: the cluster runs it again'],
      });
      demand(!(await now.thread.labels()).includes('bivouac:off'), 'it is still labelled bivouac:off');
      return {};
    }),
  },
  {
    name: 'it closes, and nothing is left',
    run: going(async (now) => {
      const began = performance.now();
      await now.loop.application.close(now.thread.number);
      await follow(now.loop, {
        ...{ step: 'the pull request closes', began, ...removed(now) },
        captions: ['The pull request closes: removed from Git, and told', 'Nothing is left, and the receipt says so'],
      });
      return {};
    }),
  },
];
