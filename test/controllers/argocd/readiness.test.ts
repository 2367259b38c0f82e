import { describe, expect, test } from '@jest/globals';
import { type Application, applicationView } from '../../../src/controllers/argocd/application.js';
import { readinessOf } from '../../../src/controllers/argocd/readiness.js';
import { answer, id, images } from '../answers.js';
import type { Recorded } from './server.js';

const comparison = { id, holds: true, holdsSynced: true, images };

/** The answer for an environment that is ready, with some of it changed. */
const anApplication = (change: (raw: Raw) => void = () => undefined): Application => {
  const raw = structuredClone(answer<Recorded>('argocd/answers/ready').application) as Raw;
  change(raw);
  return applicationView.parse(raw);
};
interface Raw {
  metadata: Record<string, unknown>;
  spec: { source: Record<string, unknown>; destination: Record<string, unknown> };
  operation?: unknown;
  status: Record<string, unknown> & { sync: Record<string, unknown>; operationState: Record<string, unknown> };
}

const openAfter = (change: (raw: Raw) => void) => readinessOf(anApplication(change), comparison);

test('a real answer for what is synced, compared again, healthy and running is ready, at the revision that was compared', () => {
  expect(readinessOf(anApplication(), comparison)).toEqual({
    phase: 'ready',
    message: 'this commit is synced and healthy',
    revision: '1527aee40586c51c608e27332afd42a06b7c708c',
  });
});

describe('each clause alone keeps it from being ready, and is said', () => {
  const open: readonly (readonly [string, (raw: Raw) => void, RegExp])[] = [
    [
      'another path',
      ({ spec }) => (spec.source['path'] = 'environments/shop/pr-4/manifests'),
      /reads .*pr-4\/manifests/,
    ],
    ['another namespace', ({ spec }) => (spec.destination['namespace'] = 'shop-pr-4'), /deploys to shop-pr-4/],
    ['an operation requested', (raw) => (raw.operation = {}), /a sync is running/],
    ['a sync that goes on', ({ status }) => (status.operationState['phase'] = 'Running'), /tried again|Running/],
    ['a sync without an end', ({ status }) => delete status.operationState['finishedAt'], /Succeeded/],
    ['a sync that failed', ({ status }) => (status.operationState['phase'] = 'Failed'), /has failed/],
    ['a sync in error', ({ status }) => (status.operationState['phase'] = 'Error'), /has failed/],
    [
      'no comparison since the sync',
      ({ status }) => (status['reconciledAt'] = '2026-11-25T23:34:56Z'),
      /comparison after/,
    ],
    ['no comparison at all', ({ status }) => delete status['reconciledAt'], /comparison after/],
    ['out of sync', ({ status }) => (status.sync['status'] = 'OutOfSync'), /OutOfSync/],
    ['progressing', ({ status }) => (status['health'] = { status: 'Progressing' }), /Progressing/],
    ['suspended', ({ status }) => (status['health'] = { status: 'Suspended' }), /Suspended/],
    ['an error', ({ status }) => (status['conditions'] = [{ type: 'ComparisonError' }]), /ComparisonError/],
    ['another error', ({ status }) => (status['conditions'] = [{ type: 'SyncError' }]), /SyncError/],
    ['nothing compared', (raw) => Object.assign(raw.status, { sync: {} }), /not in sync/],
  ];
  test.each(open)('%s', (_name, change, words) => {
    expect(openAfter(change)).toMatchObject({
      phase: 'deploying',
      message: expect.stringMatching(words) as unknown as string,
    });
  });

  test('a revision that doesn’t hold the manifests', () => {
    expect(readinessOf(anApplication(), { ...comparison, holds: false })).toMatchObject({
      phase: 'deploying',
      message: 'waiting for Argo CD to see this commit (it is at 1527aee40586c51c)',
    });
  });

  test('an empty answer', () => {
    expect(readinessOf(applicationView.parse({}), comparison).phase).toBe('deploying');
  });
});

test('a warning isn’t an error, and a comparison in the second in which the sync ended is after it', () => {
  const change = ({ status }: Raw): void => {
    status['conditions'] = [{ type: 'SharedResourceWarning', message: 'x' }];
    status['reconciledAt'] = status.operationState['finishedAt'];
  };
  expect(openAfter(change).phase).toBe('ready');
});

test('what was never synced, as nothing had to be, is ready by its images', () => {
  const change = ({ status }: Raw): void => {
    Object.assign(status, { operationState: undefined });
  };
  expect(readinessOf(anApplication(change), { id, holds: true, images }).phase).toBe('ready');
});

test('the second factor: every image runs, or a sync of these manifests succeeded', () => {
  const other = { ...comparison, images: [...images, 'ghcr.io/acme/new:1'] };
  expect(readinessOf(anApplication(), { ...other, holdsSynced: false })).toMatchObject({
    phase: 'deploying',
    message: 'not running yet: ghcr.io/acme/new:1',
  });
  expect(readinessOf(anApplication(), other).phase).toBe('ready');
  expect(readinessOf(anApplication(), { ...comparison, holdsSynced: false }).phase).toBe('ready');
});

test('an Application that goes is removing, however healthy it still says it is', () => {
  expect(openAfter(({ metadata }) => (metadata['deletionTimestamp'] = '2026-11-25T23:37:19Z')).phase).toBe('removing');
});

test('another type than Argo CD’s is no answer', () => {
  expect(applicationView.safeParse({ status: { conditions: 'none' } }).success).toBe(false);
  expect(applicationView.safeParse({ status: { conditions: null, added: 1 } }).success).toBe(true);
});
