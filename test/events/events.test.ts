import { createRequire } from 'node:module';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { detect, type EventReading, readEvent } from '../../src/events/event.js';
import { isBivouacError } from '../../src/model/errors.js';

interface Examples {
  readonly name: string;
  readonly examples: readonly Payload[];
}
type Payload = Readonly<Record<string, unknown>> & {
  readonly action?: string;
  readonly pull_request?: { readonly number: number; readonly head: { readonly sha: string } };
};

const recorded = createRequire(import.meta.url)('@octokit/webhooks-examples') as readonly Examples[];
const examplesOf = (name: string): readonly Payload[] => recorded.find((entry) => entry.name === name)?.examples ?? [];
const job = (event: string): Record<string, string> => ({
  GITHUB_ACTIONS: 'true',
  GITHUB_EVENT_NAME: event,
  GITHUB_EVENT_PATH: '/event.json',
  GITHUB_REPOSITORY: 'acme/shop',
});
const read = (event: string, payload: unknown): EventReading => readEvent(job(event), payload);

test('GitHub Actions is recognised, anything else isn’t', () => {
  expect(detect(job('push'))).toEqual({ name: 'github-actions', payloadPath: '/event.json' });
  expect(detect({ GITHUB_ACTIONS: 'true' })).toEqual({ name: 'github-actions' });
  expect(detect({ CI: 'true' })).toBeUndefined();
  expect(readEvent({ CI: 'true' }, {})).toEqual({ kind: 'none', system: 'none', event: '' });
});

describe('recorded payloads', () => {
  const pullRequests = examplesOf('pull_request');

  test('there are some of each kind', () => {
    expect(pullRequests.length).toBeGreaterThan(20);
    expect(new Set(pullRequests.map(({ action }) => action))).toEqual(
      expect.objectContaining(new Set(['opened', 'synchronize', 'closed'])),
    );
    expect(examplesOf('issue_comment').length).toBeGreaterThan(5);
    expect(examplesOf('workflow_run').length).toBeGreaterThan(3);
  });

  test.each(['pull_request', 'pull_request_target'])('%s: number and head; a push only by synchronize', (event) => {
    for (const payload of pullRequests) {
      const { number, head } = payload.pull_request ?? { number: 0, head: { sha: '' } };
      expect(read(event, payload)).toMatchObject({
        kind: 'pull-request',
        ref: {
          forge: 'github',
          repository: (payload['repository'] as { full_name: string }).full_name,
          number,
          headSha: head.sha,
          ...(payload.action === 'synchronize' && { pushed: true }),
        },
      });
    }
  });

  test('labels come along, and whether it is a fork', () => {
    const [payload] = pullRequests;
    const written = payload?.pull_request as unknown as {
      readonly head: { readonly sha: string };
      readonly base: { readonly ref: string; readonly repo: { readonly id: number } };
    };
    const { base, head } = written;
    const from = (repo: unknown): EventReading =>
      read('pull_request', {
        ...payload,
        pull_request: { ...written, head: { ...head, repo }, labels: [{ name: 'bivouac:on' }, { name: 'bug' }] },
      });
    expect(from({ id: base.repo.id })).toMatchObject({ labels: ['bivouac:on', 'bug'] });
    expect(from({ id: base.repo.id })).not.toHaveProperty('fork');
    expect(from({ id: base.repo.id + 1 })).toMatchObject({ fork: { baseBranch: base.ref } });
    expect(from(null)).toMatchObject({ fork: { baseBranch: base.ref } });
  });

  test('a comment on an issue concerns nothing, one on a pull request concerns it', () => {
    for (const payload of examplesOf('issue_comment')) {
      const plain = { ...(payload['issue'] as Record<string, unknown>) };
      delete plain['pull_request'];
      expect(read('issue_comment', { ...payload, issue: plain })).toMatchObject({
        kind: 'none',
        event: 'issue_comment',
      });
      expect(read('issue_comment', { ...payload, issue: { ...plain, pull_request: { url: 'x' } } })).toEqual({
        kind: 'pull-request',
        ref: {
          forge: 'github',
          repository: (payload['repository'] as { full_name: string }).full_name,
          number: plain['number'],
        },
        // what it says counts as it was written first
        ...(payload['action'] === 'created' && { comment: (payload['comment'] as { id: number }).id }),
      });
    }
  });

  test('a workflow run: the one pull request of this repository, else a commit to look for', () => {
    for (const payload of examplesOf('workflow_run')) {
      const run = payload['workflow_run'] as { head_sha: string };
      const { id } = payload['repository'] as { id: number };
      const withRequests = (...ids: number[]): unknown => ({
        ...payload,
        workflow_run: {
          ...run,
          pull_requests: ids.map((repo, i) => ({ number: 42 + i, base: { repo: { id: repo } } })),
        },
      });
      const none = expect.objectContaining({ kind: 'none', headSha: run.head_sha });
      expect(read('workflow_run', withRequests())).toEqual(none);
      expect(read('workflow_run', withRequests(id + 1))).toEqual(none);
      expect(read('workflow_run', withRequests(id, id))).toEqual(none);
      expect(read('workflow_run', withRequests(id))).toMatchObject({
        kind: 'pull-request',
        ref: { number: 42, headSha: run.head_sha },
      });
    }
  });

  test.each(['push', 'merge_group', 'release', 'constructor', ''])('%j has no pull request', (event) => {
    for (const payload of [...examplesOf(event), undefined])
      expect(read(event, payload)).toEqual({ kind: 'none', system: 'github-actions', event, repository: 'acme/shop' });
  });

  test.each(['schedule', 'workflow_dispatch'])('%s is a sweep', (event) => {
    expect(read(event, undefined)).toEqual({
      kind: 'schedule',
      system: 'github-actions',
      event,
      repository: 'acme/shop',
    });
  });
});

const kindOrCode = (event: string, payload: unknown): string => {
  try {
    return read(event, payload).kind;
  } catch (error) {
    if (isBivouacError(error)) return error.code;
    throw error;
  }
};

describe('bad payloads', () => {
  const [good] = examplesOf('pull_request');
  const invalid = expect.objectContaining({ code: 'InvalidEvent', class: 'UserError', where: 'GITHUB_EVENT_PATH' });

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['a list', []],
    ['no pull request', { ...good, pull_request: undefined }],
    ['a number as text', { ...good, pull_request: { ...good?.pull_request, number: '42' } }],
    ['number 0', { ...good, pull_request: { ...good?.pull_request, number: 0 } }],
    ['number 1.5', { ...good, pull_request: { ...good?.pull_request, number: 1.5 } }],
    ['a short commit', { ...good, pull_request: { ...good?.pull_request, head: { sha: '1a2b3c4' } } }],
    ['a path as repository', { ...good, repository: { full_name: 'acme/..' } }],
    ['a command as repository', { ...good, repository: { full_name: 'acme/$(id)' } }],
  ])('%s', (_, payload) => {
    expect(() => read('pull_request', payload)).toThrow(invalid);
  });

  test('whatever it holds, a reading or a UserError', () => {
    const event = fc.constantFrom('pull_request', 'issue_comment', 'workflow_run', 'schedule', 'push');
    const value = fc.anything({ maxDepth: 3, withNullPrototype: true });
    const payload = fc.oneof(
      value,
      fc.record({ action: value, repository: value, pull_request: value, issue: value, workflow_run: value }),
    );
    fc.assert(
      fc.property(event, payload, (name, content) => {
        expect(['none', 'schedule', 'pull-request', 'InvalidEvent']).toContain(kindOrCode(name, content));
      }),
    );
  });
});
