import { describe, expect, test } from '@jest/globals';
import { webhooksOf } from '../../src/events/webhooks/webhooks.js';
import type { Item } from '../../src/line/sweep.js';
import { userError } from '../../src/model/errors.js';
import { parseId } from '../../src/model/names.js';
import type { Outcome } from '../../src/model/outcome.js';
import { pullRequestNumber, type PullRequestRef, repositoryName } from '../../src/model/pull-request.js';
import { jsonLog } from '../../src/server/log.js';
import { serviceMetrics } from '../../src/server/service-metrics.js';
import { type Served, serviceOf, type ServiceParts } from '../../src/server/service.js';
import { rememberVain } from '../../src/server/vain.js';
import type { Swept } from '../../src/sweep.js';
import { head, otherHead, pullRequest } from '../decide/builders.js';
import { manualClock, settle } from './support.js';

const shop = repositoryName('acme/shop');
const refOf = (number: number, more: Partial<PullRequestRef> = {}): PullRequestRef => ({
  forge: 'github',
  repository: shop,
  number: pullRequestNumber(number),
  ...more,
});
const created = (number: number): Outcome => ({
  id: parseId(`shop/pr-${number}`),
  outcome: 'Created',
  reason: 'Opened',
  message: 'created',
});
const nothing: Swept = { outcomes: [], failures: [], passedOver: [], foreign: [], left: [] };

const scene = (served: Partial<Served> = {}, parts: Partial<ServiceParts> = {}) => {
  const clock = manualClock();
  const lines: string[] = [];
  const done: string[] = [];
  const zero = () => 0;
  const metrics = serviceMetrics({
    waiting: zero,
    running: zero,
    quarantined: zero,
    platformBroken: zero,
    watched: zero,
    lastRead: zero,
    residentBytes: zero,
  });
  const all: Served = {
    forge: 'github',
    webhooks: webhooksOf('github')!,
    known: (name) => (name === 'acme/shop' ? shop : undefined),
    reconcile: (ref, { pushed }) => {
      done.push(`${ref.number}${ref.pushed === true ? ' pushed' : ''}`);
      pushed();
      return Promise.resolve([created(ref.number)]);
    },
    command: () => Promise.resolve([]),
    reconcileAlone: () => Promise.resolve([]),
    recent: () => Promise.resolve([]),
    sweep: () => Promise.resolve(nothing),
    ...served,
  };
  const service = serviceOf({
    served: () => all,
    clock,
    metrics,
    log: jsonLog({ clock, write: (line) => lines.push(line), clean: (text) => text }),
    inVain: rememberVain(clock),
    ...parts,
  });
  const deliver = (event: string, payload: object) =>
    service.receive({ headers: { 'x-github-event': event }, payload });
  const pull = (number: number, action = 'opened', sha: string = head) =>
    deliver('pull_request', {
      action,
      repository: { full_name: 'acme/shop' },
      pull_request: { number, head: { sha } },
    });
  const comment = (number: number, id: number, body = '/bivouac help') =>
    deliver('issue_comment', {
      action: 'created',
      repository: { full_name: 'acme/shop' },
      issue: { number, pull_request: {} },
      comment: { id, body, user: { login: 'octocat' } },
    });
  const logged = () => lines.map((line) => JSON.parse(line) as { readonly event: string } & Record<string, unknown>);
  return { service, clock, done, pull, comment, deliver, metrics, logged };
};

describe('the service', () => {
  test('a delivery becomes a reconcile, an outcome in the log, and figures', async () => {
    const { pull, done, metrics, logged } = scene();
    expect(pull(42)).toEqual({ kind: 'accepted' });
    await settle();
    expect(done).toEqual(['42']);
    expect(logged()).toEqual([
      expect.objectContaining({
        level: 'info',
        event: 'reconciled',
        pullRequest: 'acme/shop#42',
        environment: 'shop/pr-42',
        outcome: 'Created',
      }),
    ]);
    expect(metrics.print()).toContain('bivouac_outcomes_total{outcome="Created"} 1');
    expect(metrics.print()).toContain('bivouac_webhook_to_push_seconds_count 1');
  });

  test('what concerns nothing is said so, what is broken too', () => {
    const { pull, comment, deliver, done } = scene();
    expect(pull(1, 'assigned')).toMatchObject({ kind: 'ignored' });
    expect(comment(1, 7, 'looks good')).toMatchObject({ kind: 'ignored' });
    expect(deliver('pull_request', { action: 'opened', repository: { full_name: 'acme/other' } })).toMatchObject({
      kind: 'nonsense',
    });
    expect(pull(0)).toMatchObject({ kind: 'nonsense' });
    expect(done).toEqual([]);
  });

  test('comments come with the reconcile, and none is lost to a newer hint', async () => {
    const order: string[] = [];
    let go: () => void = () => undefined;
    const { pull, comment } = scene({
      command: (_ref, commentId) => {
        order.push(`command ${commentId}`);
        return Promise.resolve([]);
      },
      reconcile: async ({ number }) => {
        order.push(`reconcile ${number}`);
        if (order.length === 1) await new Promise<void>((resolve) => (go = resolve));
        return [];
      },
    });
    pull(1);
    await settle();
    comment(1, 11);
    comment(1, 12);
    comment(1, 11);
    pull(1, 'labeled');
    go();
    await settle();
    expect(order).toEqual(['reconcile 1', 'command 11', 'command 12', 'reconcile 1']);
  });

  test('a comment that can’t be done stops neither the others nor the reconcile, and is tried again', async () => {
    const order: string[] = [];
    const { pull, comment, clock, logged, service } = scene({
      command: (_ref, commentId) => {
        order.push(`command ${commentId}`);
        return commentId === 11 ? Promise.reject(userError('CodeHostForbidden', 'who is it?')) : Promise.resolve([]);
      },
      reconcile: ({ number, pushed }) => {
        order.push(`reconcile${pushed === true ? ' push' : ''}`);
        return Promise.resolve([created(number)]);
      },
    });
    comment(1, 11);
    comment(1, 12);
    pull(1, 'synchronize');
    await settle();
    await clock.pass(5_000);
    expect(order.slice(0, 2)).toEqual(['command 11', 'reconcile']);
    expect(order.slice(2)).toEqual(['command 11', 'command 12', 'reconcile push']);
    expect(logged().filter(({ event }) => event === 'reconciled')).toHaveLength(2);
    expect(logged().at(-1)).toMatchObject({ event: 'failed', code: 'CodeHostForbidden', tries: 2 });
    for (let pass = 0; pass < 20; pass += 1) await clock.pass(300_000);
    expect(order.filter((step) => step === 'command 11')).toHaveLength(8);
    expect(service.queue.waiting).toBe(0);
  });

  test('one bad among fifty: 49 converge, the bad one is told, waits and is tried again', async () => {
    const reconciled = new Set<number>();
    const { pull, clock, logged, service } = scene({
      reconcile: ({ number }) => {
        if (number === 13) return Promise.reject(userError('ChartFailed', 'poison'));
        reconciled.add(number);
        return Promise.resolve([]);
      },
    });
    for (let number = 1; number <= 50; number += 1) pull(number);
    await settle();
    await settle();
    expect(reconciled.size).toBe(49);
    expect(service.queue.quarantined).toBe(1);
    expect(logged()).toEqual([
      expect.objectContaining({ event: 'failed', pullRequest: 'acme/shop#13', code: 'ChartFailed', tries: 1 }),
    ]);
    await clock.pass(5_000);
    expect(logged().at(-1)).toMatchObject({ tries: 2, next: 'tried again in 10 s' });
  });

  test('a full queue is busy, a stopped one too', async () => {
    const { pull, service } = scene({ reconcile: () => new Promise(() => undefined) }, { workers: 1 });
    for (let number = 1; number <= 10_001; number += 1) expect(pull(number).kind).toBe('accepted');
    expect(pull(20_000)).toEqual({ kind: 'busy' });
    expect(pull(5_000)).toEqual({ kind: 'accepted' });
    void service.stop(1);
    await settle();
    expect(pull(1)).toEqual({ kind: 'busy' });
  });

  test('a sweep goes through the same queue; one at a time, and what it can’t do is told', async () => {
    const item: Item = {
      name: 'acme/shop#3',
      ref: refOf(3),
      pullRequest: pullRequest({ number: pullRequestNumber(3) }),
      candidates: [],
      removes: [],
      renders: true,
      why: ['missing'],
    };
    let sweeps = 0;
    const { service, done, logged } = scene({
      sweep: async ({ reconcile }) => {
        sweeps += 1;
        if (sweeps === 2) throw new Error('down');
        const outcomes = await reconcile(item);
        return { ...nothing, outcomes, failures: [{ name: 'acme/shop#4', error: new Error('no') }] };
      },
    });
    await Promise.all([service.sweep(), service.sweep()]);
    expect(sweeps).toBe(1);
    expect(done).toEqual(['3']);
    expect(logged().at(-1)).toMatchObject({ level: 'warn', event: 'swept', repaired: 1, failed: 1 });
    await service.sweep();
    expect(logged().at(-1)).toMatchObject({ event: 'sweep failed', message: 'down' });
  });

  test('what was looked at in vain is looked at again once it looks different, or an hour later', async () => {
    const clock = manualClock();
    const vain = rememberVain(clock);
    const item = (sha = head): Item => ({
      name: 'acme/shop#3',
      pullRequest: pullRequest({ headSha: sha }),
      candidates: [],
      removes: [],
      renders: true,
      why: ['perhaps'],
    });
    vain.add(item());
    expect([vain.has(item()), vain.has(item(otherHead)), vain.has({ ...item(), why: ['missing'] })]).toEqual([
      true,
      false,
      false,
    ]);
    await clock.pass(3_600_000);
    expect(vain.has(item())).toBe(false);
  });
});
