import { expect, test } from '@jest/globals';
import { observeUnattended } from '../../src/cli/following.js';
import type { Controller } from '../../src/controllers/port.js';
import type { Base } from '../../src/gitops/port.js';
import { temporaryError } from '../../src/model/errors.js';
import { parseId } from '../../src/model/names.js';
import type { Outcome } from '../../src/model/outcome.js';
import { commitSha } from '../../src/model/pull-request.js';
import { manualClock, settle } from '../server/support.js';

const id = parseId('shop/pr-42');
const commit = commitSha('1'.repeat(40));
const base: Base = {
  ...{ tip: commit, names: [id], complete: true },
  environments: new Map([['shop/pr-42', { id, tree: 't', files: new Map<string, string>() }]]),
};
const outcome: Outcome = { id, outcome: 'Created', reason: 'Opened', message: 'said', commit };

/** Follows what was pushed; Git can’t be read the first `failing` times, and the cluster runs it. */
const follow = (failing: number) => {
  const clock = manualClock();
  const notes: string[] = [];
  let reads = 0;
  const read = (): Promise<Base> => {
    reads += 1;
    const away = temporaryError('GitOpsUnreachable', 'the host is away', { changed: 'nothing' });
    return reads <= failing ? Promise.reject(away) : Promise.resolve(base);
  };
  const controller: Controller = {
    status: () => Promise.resolve({ phase: 'ready', message: 'it runs', causes: [] }),
    remains: () => Promise.reject(new Error('nobody asks')),
  };
  const watch = {
    ...{ controller, git: { read, manifestsAt: () => Promise.resolve('m') }, clock },
    ...{ timeoutMs: 10_000, note: (text: string) => void notes.push(text) },
  };
  const seen = observeUnattended(outcome, watch);
  return { clock, notes, seen };
};

test('Git that is away for a moment when the watch begins is asked again', async () => {
  const { clock, notes, seen } = follow(2);
  await settle();
  await clock.pass(2_000);
  await clock.pass(2_500);
  expect((await seen).deployment).toMatchObject({ state: 'ready', message: 'it runs' });
  expect(notes).toEqual(['shop/pr-42: Git can’t be read for the moment: the host is away', 'shop/pr-42: it runs']);
});

test('Git that stays away: not observed, and why, once the time is over', async () => {
  const { clock, seen } = follow(99);
  await settle();
  for (let pauses = 0; pauses < 5; pauses += 1) await clock.pass(3_500);
  expect((await seen).deployment).toMatchObject({
    state: 'not-observed',
    message: 'committed, not observed: the host is away',
  });
});
