import { describe, expect, test } from '@jest/globals';
import type { Config } from '../../src/config/config.js';
import { deploymentOf } from '../../src/feedback/deployment.js';
import { descriptionLimit } from '../../src/feedback/port.js';
import { commitStatusOf } from '../../src/feedback/status.js';
import type { Deployment, IgnoredReason } from '../../src/model/outcome.js';
import { context, head, outcome, record } from './context.js';

const created = outcome({ outcome: 'Created', reason: 'Opened' }, { url: record.url });
const unchanged = outcome({ outcome: 'Unchanged', reason: 'SameTree' });
const rejected = outcome({ outcome: 'Rejected', reason: 'PolicyViolation' });
const seen = (state: Deployment['state'], message = 'all 3 components run'): Deployment => ({
  state,
  message,
  causes: [],
  steps: [],
});
const withFeedback = (change: Partial<Config['feedback']>) => {
  const { config } = context();
  return context({ record, config: { ...config, feedback: { ...config.feedback, ...change } } });
};
const on = withFeedback({ status: true });

describe('the deployment', () => {
  test('of what is in Git is in progress, at the environment’s address', () => {
    expect(deploymentOf(created, context({ record }))).toEqual({
      ...{ name: 'shop-pr-42', environment: 'shop', headSha: head, state: 'in_progress', when: 'always' },
      ...{ description: '1a2b3c4 is in Git; the cluster was not observed', url: record.url },
      logUrl: 'https://github.com/acme/gitops/tree/main/environments/shop/pr-42',
    });
    expect(deploymentOf(unchanged, context({ record }))).toMatchObject({ state: 'in_progress', when: 'missing' });
  });

  test.each([
    ['ready', 'success', 'all 3 components run'],
    ['failed', 'failure', 'all 3 components run'],
    ['late', 'in_progress', 'not ready yet: all 3 components run'],
    ['not-observed', 'in_progress', '1a2b3c4 is in Git; the cluster was not observed'],
  ] as const)('that was waited for and is %s: %s', (state, shown, description) => {
    expect(deploymentOf({ ...created, deployment: seen(state) }, context({ record }))).toMatchObject({
      state: shown,
      description,
    });
  });

  test('ends with the environment, and while it is asleep', () => {
    const removed = outcome({ outcome: 'Removed', reason: 'Closed' });
    expect(deploymentOf(removed, context())).toMatchObject({ state: 'inactive' });
    expect(deploymentOf(unchanged, context({ record: { ...record, state: 'asleep' } }))).toMatchObject({
      state: 'inactive',
    });
  });

  test('isn’t told of by who may claim nothing', () => {
    const ignored = outcome({ outcome: 'Ignored', reason: 'Draft' });
    const tearing = outcome({ outcome: 'Updated', reason: 'TearingDown' });
    const superseded = { ...created, deployment: seen('superseded') };
    for (const each of [ignored, rejected, tearing, superseded])
      expect(deploymentOf(each, context({ record }))).toBeUndefined();
    expect(deploymentOf(created, withFeedback({ deployment: 'off' }))).toBeUndefined();
  });

  test('may have a GitHub Environment of its own', () => {
    expect(deploymentOf(created, withFeedback({ deployment: 'each' }))).toMatchObject({ environment: 'shop-pr-42' });
  });

  test('has one line of 140 characters, never half of a letter', () => {
    const long = { ...created, deployment: seen('failed', `a\n\u202e${'😀'.repeat(100)}`) };
    const description = deploymentOf(long, context({ record }))?.description ?? '';
    expect(description.length).toBeLessThanOrEqual(descriptionLimit);
    expect(description).toMatch(/^a (😀)+…$/u);
  });
});

describe('the commit’s status', () => {
  test('is there when it was asked for', () => {
    expect(commitStatusOf(created, context({ record }))).toBeUndefined();
    expect(commitStatusOf(created, on)).toEqual({
      ...{ name: 'shop-pr-42', headSha: head, state: 'pending', when: 'always', url: record.url },
      description: '1a2b3c4 is in Git; the cluster was not observed',
    });
    expect(commitStatusOf(unchanged, on)).toMatchObject({ state: 'pending', when: 'missing' });
  });

  test.each([
    ['ready', 'success'],
    ['failed', 'failure'],
    ['late', 'pending'],
  ] as const)('of what was waited for and is %s: %s', (state, shown) => {
    expect(commitStatusOf({ ...created, deployment: seen(state) }, on)).toMatchObject({ state: shown });
    expect(commitStatusOf({ ...created, deployment: seen('superseded') }, on)).toBeUndefined();
  });

  test.each<[IgnoredReason, string | undefined]>([
    ['Draft', 'success'],
    ['Fork', 'success'],
    ['WaitingForImages', 'pending'],
    ['LimitReached', 'pending'],
    ['Superseded', undefined],
    ['Closed', undefined],
  ])('of a pull request without an environment, %s: %s', (reason, state) => {
    expect(commitStatusOf(outcome({ outcome: 'Ignored', reason }), on)?.state).toBe(state);
  });

  test('of what is refused, removed or asleep', () => {
    const removed = (reason: 'Off' | 'Closed') => outcome({ outcome: 'Removed', reason });
    expect(commitStatusOf(rejected, on)).toMatchObject({ state: 'failure', headSha: head });
    expect(commitStatusOf(removed('Off'), on)).toMatchObject({ state: 'success' });
    expect(commitStatusOf(removed('Closed'), on)).toBeUndefined();
    const asleep = { ...on, record: { ...record, state: 'asleep' as const } };
    expect(commitStatusOf(unchanged, asleep)).toMatchObject({ state: 'success' });
  });
});
