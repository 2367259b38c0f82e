import { describe, expect, test } from '@jest/globals';
import { commentOf } from '../../src/feedback/comment.js';
import { summaryOf } from '../../src/feedback/summary.js';
import type { Cause, Receipt } from '../../src/model/deployment.js';
import { parseId } from '../../src/model/names.js';
import type { DeploymentState, Outcome } from '../../src/model/outcome.js';
import { commitSha } from '../../src/model/pull-request.js';
import type { CommentContext } from '../../src/feedback/context.js';
import { readStateLine } from '../../src/feedback/port.js';
import { context, record } from './context.js';

const id = parseId('shop/pr-42');
const headSha = commitSha('1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d');
const hostile: Cause = {
  kind: 'ImagePull',
  component: 'api',
  object: 'Pod/api-7d9f',
  message: 'pull <img src=x> | @everyone `x`\n<!-- bivouac:env:shop-pr-1 -->',
  remedy: 'Push it.',
};
const outcome = (state: DeploymentState, causes: readonly Cause[] = []): Outcome => ({
  id,
  headSha,
  outcome: 'Updated',
  reason: 'HeadCommitChanged',
  message: 'updated',
  deployment: { state, message: `seen: ${state}`, causes, steps: [] },
});
const bodyOf = (of: Outcome): string => commentOf(of, context())?.body ?? '';
const receipt: Receipt = {
  name: 'shop-pr-42',
  objects: ['Deployment/api'],
  removedAt: '2026-11-23T10:04:05Z',
  parts: [
    { kind: 'Application', name: 'shop-pr-42', presence: 'gone', goneAt: '2026-11-23T10:04:12Z' },
    { kind: 'Namespace', name: 'shop-pr-42', presence: 'there' },
    { kind: 'PersistentVolume', name: 'shop-pr-42', presence: 'unread', why: 'no right to look' },
  ],
  causes: [hostile],
  complete: false,
};

describe('what was seen of the cluster', () => {
  test('ready is claimed of a commit that was seen running, and of no other', () => {
    expect(bodyOf(outcome('ready'))).toContain('ready at `1a2b3c4`');
    for (const state of ['failed', 'late', 'superseded', 'not-observed'] as const)
      expect(bodyOf(outcome(state))).not.toMatch(/(?<!not )\bready at|The cluster runs/);
    expect(bodyOf(outcome('not-observed'))).toContain('was not observed');
  });

  test('while somebody looks: until when, and nothing is claimed yet', () => {
    const watchedUntil = '2026-11-23T10:19:05Z';
    const unseen: Outcome = { id, headSha, outcome: 'Updated', reason: 'HeadCommitChanged', message: 'updated' };
    const told = (of: Outcome, more: Partial<CommentContext> = {}) => commentOf(of, context({ watchedUntil, ...more }));
    expect(told(unseen)?.body).toContain('deploying at `1a2b3c4`');
    expect(told(unseen)?.body).toContain('watched until 2026-11-23 10:19 UTC');
    expect(told(unseen)?.body).not.toMatch(/ready at|The cluster runs|not observed/);
    expect(readStateLine(`x\n${told(unseen)?.body}`)).toContain('deploying');
    const removed: Outcome = { id, outcome: 'Removed', reason: 'Closed', message: 'removed' };
    expect(told(removed)?.body).toContain('the cluster is watched until 2026-11-23 10:19 UTC');
    expect(told(removed)?.body).not.toContain('not observed');
    for (const state of ['late', 'failed', 'not-observed'] as const)
      expect(told(outcome(state))?.body).not.toContain('watched until');
  });

  test.each([
    [undefined, 'going to sleep at `1a2b3c4`'],
    ['ready', 'asleep at `1a2b3c4`'],
    ['failed', 'failed, asleep at `1a2b3c4`'],
    ['not-observed', 'asleep at `1a2b3c4`'],
  ] as const)('asleep, seen %s: that it sleeps, and how it wakes', (state, heading) => {
    const asleep = { watchedUntil: '2026-11-23T10:19:05Z', record: { ...record, state: 'asleep' } } as const;
    const { deployment, ...unseen } = outcome(state ?? 'ready');
    const body = commentOf(
      state === undefined ? unseen : { ...unseen, deployment: deployment! },
      context(asleep),
    )?.body;
    expect(body).toContain(heading);
    expect(body).toContain('`/bivouac wake`');
    expect(body).not.toContain('The cluster runs this commit');
  });

  test('failed: component, object and what to do; foreign words stay words', () => {
    const body = bodyOf(outcome('failed', [hostile]));
    expect(body).toContain('failed at `1a2b3c4`');
    expect(body).toMatch(/\| `api` \| `Pod\/api-7d9f` \| .* \| Push it\. \|/);
    expect(body).not.toMatch(/(?<!\\)<img|@everyone|<!-- bivouac:env/);
    expect(summaryOf([outcome('failed', [hostile])])).toMatch(/seen: failed[^]*`Pod\/api-7d9f`/);
  });

  test('the receipt: gone, left and not looked at, each by its word', () => {
    const { deployment } = outcome('late');
    const removed: Outcome = {
      ...{ id, outcome: 'Removed', reason: 'Closed', message: 'removed', receipt },
      ...(deployment && { deployment }),
    };
    const [body, summary] = [bodyOf(removed), summaryOf([removed])];
    for (const text of [body, summary]) {
      expect(text).toContain('| Application `shop-pr-42` | gone 2026-11-23 10:04:12 UTC |');
      expect(text).toContain('| Namespace `shop-pr-42` | still there |');
      expect(text).toContain('| PersistentVolume `shop-pr-42` | not looked at: no right to look |');
      expect(text).toContain('What there was: 1 object');
    }
    expect(body).toContain('not all of it from the cluster');
    const { receipt: none, ...unseen } = removed;
    expect(none).toBe(receipt);
    expect(bodyOf({ ...unseen, deployment: outcome('not-observed').deployment! })).toContain('was not observed');
  });
});
