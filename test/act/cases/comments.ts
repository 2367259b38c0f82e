import assert from 'node:assert/strict';
import { head } from '../../cli/harness.js';
import type { Case } from '../../publish/case.js';
import { actTool, type Ran } from '../act.js';
import { createPlace, type Place } from '../place.js';

let made: Promise<Place> | undefined;
const place = (): Promise<Place> => (made ??= createPlace(actTool()!));

export const end = async (): Promise<void> => (await made)?.end();

const record = 'environments/shop/pr-42/environment.json';

const commanded = async (body: string, wanted: readonly [outcome: string, reason: string], number = 42) => {
  const { github, comment } = await place();
  const { id, code, log, outputs } = await comment(number, body);
  assert.deepEqual([code, outputs['outcome'], outputs['reason']], [0, ...wanted], log);
  const answer = github.comments(number).find((each) => each.body?.startsWith(`<!-- bivouac:answer:${id} -->`));
  return { reactions: github.reactions(id).map(({ content }) => content), answer: answer?.body ?? '' };
};

/** In this order: each begins where the one before ended. Charts and application are in one repository. */
export const cases: readonly Case[] = [
  {
    name: 'a line with a command: the label is set, the default branch’s charts render it, a reaction says so',
    run: async () => {
      const { github, event, files } = await place();
      github.setPermission('octocat', 'write');
      github.openPullRequest({ number: 42, headSha: head, files: [{ filename: 'src/index.ts' }] });
      await event(42, 'opened');
      const { reactions } = await commanded('Let us see.\r\n/bivouac with mailer', ['updated', 'SelectionChanged']);
      assert.deepEqual([reactions, github.labels(42)], [['+1'], ['bivouac:with-mailer']]);
      assert.ok((await files()).includes('environments/shop/pr-42/manifests/mailer.yaml'));
      return undefined;
    },
  },
  {
    name: 'a comment without one, or on an issue: no job starts',
    run: async () => {
      const { github, comment, git } = await place();
      const [asked, pushed] = [github.requests.length, git.log.length];
      const none = ({ code, log, outputs }: Ran): void => {
        assert.deepEqual([code, outputs], [0, {}], log);
        assert.doesNotMatch(log, /\bRun Main\b/);
      };
      for (const body of ['Looks good', 'We could say /bivouac down', '> /bivouac down']) none(await comment(42, body));
      none(await comment(42, '/bivouac down', 'issue'));
      assert.deepEqual([github.requests.length, git.log.length], [asked, pushed]);
      return undefined;
    },
  },
  {
    name: 'by someone who may not write: nothing changes',
    run: async () => {
      const { github, files } = await place();
      github.setPermission('octocat', 'read');
      const { reactions } = await commanded('/bivouac down', ['unchanged', 'SameTree']);
      github.setPermission('octocat', 'write');
      assert.deepEqual(reactions, ['confused']);
      assert.ok((await files()).includes(record));
      return undefined;
    },
  },
  {
    name: 'a pull request that changes charts: its label is set, its environment left to its own job, which renders it',
    run: async () => {
      const { github, event } = await place();
      github.openPullRequest({ number: 43, headSha: head, files: [{ filename: 'charts/shop.ts' }] });
      await event(43, 'opened');
      const { answer } = await commanded('/bivouac with mailer', ['ignored', 'ChartsChanged'], 43);
      assert.match(answer, /changes charts\/shop\.ts: its own job renders it/);
      assert.equal((await event(43, 'opened')).outputs['reason'], 'SelectionChanged'); // that job, run again
      return undefined;
    },
  },
  {
    name: 'sleep, extend and down need no charts, so it gets them at once',
    run: async () => {
      const { github, files } = await place();
      await commanded('/bivouac sleep', ['updated', 'Slept'], 43);
      await commanded('/bivouac extend 2d', ['updated', 'Extended'], 43);
      await commanded('/bivouac down', ['removed', 'Off'], 43);
      assert.deepEqual([...github.labels(43)].sort(), ['bivouac:off', 'bivouac:with-mailer']);
      assert.ok(!(await files()).some((path) => path.includes('pr-43')));
      return undefined;
    },
  },
];
