import assert from 'node:assert/strict';
import { head } from '../../cli/harness.js';
import type { Case } from '../../publish/case.js';
import { actTool } from '../act.js';
import { createPlace, type Place } from '../place.js';

let made: Promise<Place> | undefined;
const place = (): Promise<Place> => (made ??= createPlace(actTool()!));

export const end = async (): Promise<void> => (await made)?.end();

const record = 'environments/shop/pr-42/environment.json';

/** In this order: each begins where the one before ended. */
export const cases: readonly Case[] = [
  {
    name: 'opened: the platform’s charts make the environment (App tokens and checkout stood in for)',
    run: async () => {
      const { github, fromPlatform, files } = await place();
      github.openPullRequest({ number: 42, headSha: head, title: 'A faster checkout' });
      const { code, log, outputs } = await fromPlatform.event(42, 'opened');
      assert.deepEqual([code, outputs['outcome'], outputs['environment']], [0, 'created', 'shop/pr-42'], log);
      assert.ok((await files()).includes(record));
      assert.equal(github.comments(42).length, 1);
      return undefined;
    },
  },
  {
    name: 'a fork’s pull request gets none, and its author is told',
    run: async () => {
      const { github, fromPlatform, files } = await place();
      github.openPullRequest({ number: 43, headSha: head, headRepository: { id: 99, name: 'mallory/shop' } });
      const { code, log, outputs } = await fromPlatform.event(43, 'opened');
      assert.deepEqual([code, outputs['outcome'], outputs['reason']], [0, 'ignored', 'Fork'], log);
      assert.ok(!(await files()).some((path) => path.includes('pr-43')));
      assert.equal(github.comments(43).length, 1);
      return undefined;
    },
  },
  {
    name: 'a comment: comments-from-platform.yml does what it asks for, with the platform’s charts',
    run: async () => {
      const { github, fromPlatform } = await place();
      github.setPermission('octocat', 'write');
      github.edit(42, { files: [{ filename: 'charts/shop.ts' }] }); // which are none here
      const { id, code, log, outputs } = await fromPlatform.comment(42, '/bivouac with mailer');
      assert.deepEqual([code, outputs['outcome'], outputs['reason']], [0, 'updated', 'SelectionChanged'], log);
      assert.deepEqual(
        github.reactions(id).map(({ content }) => content),
        ['+1'],
      );
      return undefined;
    },
  },
  {
    name: 'schedule: the same workflow sweeps',
    run: async () => {
      const { github, fromPlatform, files } = await place();
      github.close(42);
      const { code, log, outputs } = await fromPlatform.schedule();
      assert.deepEqual([code, outputs['outcome'], outputs['reason']], [0, 'removed', 'Closed'], log);
      assert.ok(!(await files()).includes(record));
      return undefined;
    },
  },
];
