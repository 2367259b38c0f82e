import { expect, test } from '@jest/globals';
import { endWatches, startWatches } from '../../src/cli/serving-watch.js';
import type { Session } from '../../src/cli/session.js';
import type { Controller } from '../../src/controllers/port.js';
import { parseId, presetName } from '../../src/model/names.js';
import type { Outcome } from '../../src/model/outcome.js';
import { pullRequestNumber, repositoryName } from '../../src/model/pull-request.js';
import type { Reconciled } from '../../src/reconcile.js';
import { metricsOf } from '../../src/server/metrics.js';
import { keepWatches } from '../../src/server/watches.js';
import { manualClock, settle } from '../server/support.js';

const id = parseId('shop/pr-42');
const ref = { forge: 'github', repository: repositoryName('acme/shop'), number: pullRequestNumber(42) } as const;

/** What follows a reconcile with this outcome, where the cluster shows nothing and nobody is told. */
const follow = async (outcome: Outcome) => {
  const clock = manualClock();
  let asked = 0;
  const watches = keepWatches({ clock, failed: (_key, error) => expect(error).toBeUndefined() });
  const never = (): Promise<never> => Promise.reject(new Error('nobody asks'));
  const controller: Controller = { status: never, remains: never };
  const watch = {
    ...{ controller, git: { read: never, manifestsAt: never }, clock, timeoutMs: 60_000, note: () => undefined },
  };
  const results = [{ outcome } as Reconciled];
  const followed = { ref, session: {} as Session, since: 0, again: () => (asked += 1) };
  const parts = { watches, watch, log: () => undefined, metrics: metricsOf({}) };
  startWatches(results, followed, parts);
  await settle();
  const end = () => endWatches([{ id, preset: presetName('pull-request') }], parts);
  return { clock, watches, end, asked: () => asked };
};

const facts = { id, message: 'said' };

test('a teardown is gone along again until its tasks have ended, and not once a newer reconcile has the word', async () => {
  for (const outcome of ['Updated', 'Ignored'] as const) {
    const { clock, asked } = await follow({ ...facts, outcome, reason: 'TearingDown' });
    await clock.pass(9_999);
    expect(asked()).toBe(0);
    await clock.pass(1);
    expect(asked()).toBe(1);
  }
  const { clock, end, asked } = await follow({ ...facts, outcome: 'Updated', reason: 'TearingDown' });
  await end();
  await clock.pass(20_000);
  expect(asked()).toBe(0);
});

test('what the cluster has nothing to show of isn’t looked at', async () => {
  const { clock, watches, asked } = await follow({ ...facts, outcome: 'Ignored', reason: 'Draft' });
  await clock.pass(0);
  expect([watches.running, asked()]).toEqual([0, 0]);
});
