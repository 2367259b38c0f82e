import assert from 'node:assert/strict';
import { head, nextHead } from '../../cli/harness.js';
import type { Case } from '../../publish/case.js';
import { actTool, type Ran } from '../act.js';
import { createPlace, type Place } from '../place.js';

let made: Promise<Place> | undefined;
const place = (): Promise<Place> => (made ??= createPlace(actTool()!));

export const end = async (): Promise<void> => (await made)?.end();

const number = 42;
const record = 'environments/shop/pr-42/environment.json';

const ended = ({ code, log, outputs }: Ran, wanted: Readonly<Record<string, string>>): void => {
  assert.equal(code, 0, log);
  assert.deepEqual(Object.fromEntries(Object.keys(wanted).map((name) => [name, outputs[name]])), wanted, log);
};

const at = async (sha: string): Promise<void> => {
  const { git, github, files } = await place();
  assert.ok((await files()).includes(record));
  const [only, ...others] = github.comments(number);
  assert.deepEqual([only?.user?.login, others.length], ['github-actions[bot]', 0]);
  assert.match(only?.body ?? '', new RegExp(sha.slice(0, 7)));
  assert.ok(git.log.every(({ authorization = '' }) => authorization === '' || authorization.startsWith('Basic ')));
};

/** In this order: each begins where the one before ended. */
export const cases: readonly Case[] = [
  {
    name: 'opened: the environment is committed, outputs are set, a comment is written',
    run: async () => {
      const { github, event } = await place();
      github.openPullRequest({ number, headSha: head, title: 'A faster checkout' });
      ended(await event(number, 'opened'), {
        outcome: 'created',
        reason: 'Opened',
        environment: 'shop/pr-42',
        name: 'shop-pr-42',
        path: 'environments/shop/pr-42',
        url: 'http://shop-pr-42.preview.example.com',
      });
      await at(head);
      return undefined;
    },
  },
  {
    name: 'synchronize: updated to the new head commit, in the same comment',
    run: async () => {
      const { github, event } = await place();
      github.push(number, nextHead);
      ended(await event(number, 'synchronize'), { outcome: 'updated', reason: 'HeadCommitChanged' });
      await at(nextHead);
      return undefined;
    },
  },
  {
    name: 'closed: removed, and the comment says so',
    run: async () => {
      const { github, event, files } = await place();
      github.close(number);
      ended(await event(number, 'closed'), { outcome: 'removed', reason: 'Closed' });
      assert.ok(!(await files()).some((path) => path.startsWith('environments/shop/pr-42/')));
      assert.match(github.comments(number)[0]?.body ?? '', /removed/i);
      return undefined;
    },
  },
  {
    name: 'schedule: the sweep makes what no event made, and removes what no event removed',
    run: async () => {
      const { github, schedule, files } = await place();
      github.reopen(number);
      ended(await schedule(), { outcome: 'created', environment: 'shop/pr-42' });
      assert.ok((await files()).includes(record));
      github.close(number);
      ended(await schedule(), { outcome: 'removed', reason: 'Closed' });
      assert.ok(!(await files()).includes(record));
      return undefined;
    },
  },
];
