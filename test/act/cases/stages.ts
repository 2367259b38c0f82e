import assert from 'node:assert/strict';
import { copyFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { head, nextHead } from '../../cli/harness.js';
import type { Case } from '../../publish/case.js';
import { actTool, type Ran } from '../act.js';
import { createPlace, type Place } from '../place.js';

let made: Promise<Place> | undefined;
const place = (): Promise<Place> =>
  (made ??= createPlace(actTool()!, { config: 'pullRequests: { forks: approved }\n' }));

export const end = async (): Promise<void> => (await made)?.end();

const fork = { id: 99, name: 'mallory/shop' };
const forked = 'f'.repeat(40);

const ended = ({ code, log, outputs }: Ran, wanted: readonly [outcome: string, reason: string]): void =>
  assert.deepEqual([code, outputs['outcome'], outputs['reason']], [0, ...wanted], log);

/** What nobody may do changes nothing: the run fails, and says what was wrong. */
const refused = async (ran: Promise<Ran>, why: RegExp): Promise<void> => {
  const before = (await (await place()).files()).join('\n');
  const { code, log } = await ran;
  assert.notEqual(code, 0, log);
  assert.match(log, why);
  assert.equal((await (await place()).files()).join('\n'), before);
};

const handOver = async (from: number, to: number): Promise<void> => {
  const { bundleOf } = await place();
  await mkdir(dirname(bundleOf(to)), { recursive: true });
  await copyFile(bundleOf(from), bundleOf(to));
};

/** In this order: each begins where the one before ended. Artifacts, and the program gh, are stood in for. */
export const cases: readonly Case[] = [
  {
    name: 'render.yml has no credential and asks nobody; it uploads a bundle',
    run: async () => {
      const { github, git, render } = await place();
      github.openPullRequest({ number: 42, headSha: head });
      const [asked, fetched] = [github.requests.length, git.log.length];
      const { code, log } = await render(42, 'opened', 1);
      assert.equal(code, 0, log);
      assert.deepEqual([github.requests.length, git.log.length], [asked, fetched]);
      return undefined;
    },
  },
  {
    name: 'publish.yml finds the pull request by the run’s commit, and publishes the bundle',
    run: async () => {
      const { github, publish, files } = await place();
      ended(await publish({ id: 1, headSha: head, headBranch: 'change-42', pullRequests: [42] }), [
        'created',
        'Opened',
      ]);
      assert.ok((await files()).includes('environments/shop/pr-42/environment.json'));
      assert.equal(github.comments(42).length, 1);
      return undefined;
    },
  },
  {
    name: 'a bundle of another pull request than the run’s is refused',
    run: async () => {
      const { github, publish } = await place();
      github.openPullRequest({ number: 44, headSha: nextHead });
      await handOver(1, 2); // says pull request 42, at its head commit
      await refused(
        publish({ id: 2, headSha: nextHead, headBranch: 'change-44', pullRequests: [44] }),
        /BundleOfAnother/,
      );
      await refused(publish({ id: 2, headSha: nextHead, headBranch: 'change-44' }), /BundleOfAnother/);
      return undefined;
    },
  },
  {
    name: 'a bundle of another commit than the run’s is refused',
    run: async () => {
      const { github, publish } = await place();
      github.push(42, nextHead);
      await handOver(1, 3);
      await refused(
        publish({ id: 3, headSha: nextHead, headBranch: 'change-42', pullRequests: [42] }),
        /BundleOfAnother/,
      );
      return undefined;
    },
  },
  {
    name: 'a run whose commit is the head no more publishes nothing',
    run: async () => {
      const { publish, files } = await place();
      const before = await files();
      const { code, outputs, log } = await publish({ id: 1, headSha: head, headBranch: 'change-42' });
      assert.deepEqual([code, outputs['outcome'], await files()], [0, undefined, before], log);
      return undefined;
    },
  },
  {
    name: 'a fork’s: rendered without credentials, ignored until someone approves its commit, and told so',
    run: async () => {
      const { github, render, publish, files } = await place();
      github.openPullRequest({
        number: 43,
        headSha: forked,
        headRepository: fork,
        files: [{ filename: 'charts/shop.ts' }],
      });
      assert.equal((await render(43, 'opened', 4)).code, 0);
      const run = { id: 4, headSha: forked, headBranch: 'change-43', headRepository: fork };
      ended(await publish(run), ['ignored', 'Fork']);
      assert.match(github.comments(43)[0]?.body ?? '', /\/bivouac approve f{40}/);
      github.setPermission('octocat', 'write');
      github.writeComment(43, { author: 'octocat', body: `/bivouac approve ${forked}` });
      ended(await publish(run), ['created', 'Opened']);
      assert.ok((await files()).includes('environments/shop/pr-43/environment.json'));
      return undefined;
    },
  },
  {
    name: 'comments.yml beside them renders an approved fork’s pull request that leaves the charts alone',
    run: async () => {
      const { github, comment } = await place();
      const headSha = 'e'.repeat(40);
      github.openPullRequest({ number: 45, headSha, headRepository: fork, files: [{ filename: 'src/index.ts' }] });
      ended(await comment(45, `/bivouac approve ${headSha}`), ['created', 'Opened']);
      return undefined;
    },
  },
  {
    name: 'closed: both run once more, and it is removed',
    run: async () => {
      const { github, render, publish, files } = await place();
      github.close(43);
      assert.equal((await render(43, 'closed', 5)).code, 0);
      const run = { id: 5, headSha: forked, headBranch: 'change-43', headRepository: fork };
      ended(await publish(run), ['removed', 'Closed']);
      assert.ok(!(await files()).some((path) => path.includes('pr-43')));
      return undefined;
    },
  },
];
