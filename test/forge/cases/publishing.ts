// The essentials of publishing against a real forge.
import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runGit } from '../../git/run.js';
import type { Case } from '../../publish/case.js';
import { bundlePublisher } from '../../publish/faults/bundle.js';
import type { PublisherJob, Wish } from '../../publish/faults/job.js';
import { demand } from '../../publish/faults/proof.js';
import { countRequests } from '../counting.js';
import { changesOf, fetchAll, inRepository, open, pr, proveAll, put } from '../place.js';

const requests = inRepository(async (place) => {
  const counter = await countRequests(place.forge.url);
  const counted = { ...place, url: place.url.replace(place.forge.url, counter.url) };
  const expectCount = async (what: string, wishes: readonly Wish[], count: number): Promise<string | undefined> => {
    const { commit } = await put(counted, ...wishes);
    const taken = counter.take();
    demand(taken === count, `${what}: ${taken} requests instead of ${count}`);
    return commit.tip;
  };
  try {
    await expectCount('empty repository', [pr(1, '1')], 6);
    await expectCount('create', [pr(2, '1')], 5);
    await expectCount('update', [pr(1, '2')], 7);
    demand((await expectCount('unchanged', [pr(1, '2')], 5)) === undefined, 'unchanged makes a commit');
    await expectCount('remove', [pr(2)], 7);
    demand((await expectCount('remove what isn’t there', [pr(2)], 3)) === undefined, 'removes what isn’t there');
    await expectCount('two in one push', [pr(3, '1'), pr(5, '1')], 5);
  } finally {
    await counter.stop();
  }
  const directory = await fetchAll(place);
  const commits = Number(await runGit(directory, ['rev-list', '--count', 'main']));
  demand(commits === 6, `${commits} commits instead of 6`);
  demand((await runGit(directory, ['fsck', '--strict', '--no-dangling'])) === '', 'fsck');
  await rm(directory, { recursive: true });
  return 'requests: empty 6, create 5, update 7, unchanged 5, remove 7, absent 3, two 5';
});

const atOnce = 20;
const crowd = inRepository(async (place) => {
  const old = Array.from({ length: 8 }, (_, index) => pr(index, '1'));
  await put(place, ...old);
  const before = await fetchAll(place);
  const start = await runGit(before, ['rev-parse', 'main']);
  const wishes = Array.from({ length: atOnce }, (_, index) => (index < 4 ? pr(index) : pr(index, '2')));
  const program = bundlePublisher(before);
  const began = Date.now();
  const ends = await Promise.all(
    wishes.map((wish, index) => {
      const points = join(before, `points-${index}`);
      const job: PublisherJob = {
        url: place.url,
        token: place.token,
        path: process.env['PATH'] ?? '',
        points,
        changes: [wish],
      };
      const child = spawn(process.execPath, [program, JSON.stringify(job)], { stdio: ['ignore', 'ignore', 'inherit'] });
      return new Promise<number | null>((resolve) => child.on('close', resolve));
    }),
  );
  const seconds = (Date.now() - began) / 1000;
  demand(
    ends.every((code) => code === 0),
    `ended with ${ends.join(' ')}`,
  );
  await rm(before, { recursive: true });
  await proveAll(place, start, wishes);
  return `${seconds.toFixed(1)} s`;
});

export const cases: readonly Case[] = [
  { name: 'every kind of change, with its number of requests', run: requests },
  { name: `${atOnce} jobs at once: created, updated, removed`, run: crowd },
  {
    name: 'the queue’s refs: left, seen, carried over, gone',
    run: inRepository(async (place) => {
      await put(place, pr(1, '1'));
      const repository = open(place);
      const changes = changesOf([pr(1, '2')]);
      const base = await repository.read(changes.map(({ id }) => id));
      const commit = await repository.commit(base, changes, new Date());
      const left = await repository.queue?.enqueue(base, commit, { changes, at: new Date() });
      demand(left?.length === 1, 'the host doesn’t take them');
      demand((await repository.queue?.look())?.length === 1, 'it isn’t seen');
      await repository.queue?.combine(new Date());
      await repository.close();
      await put(place, pr(1, '2')); // already so
      const directory = await fetchAll(place);
      const start = await runGit(directory, ['rev-parse', 'main~1']);
      await rm(directory, { recursive: true });
      await proveAll(place, start, [pr(1, '2')]);
      return undefined;
    }),
  },
];
export { end } from '../place.js';
