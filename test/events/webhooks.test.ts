import { createRequire } from 'node:module';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type WebhookReading, webhooksOf } from '../../src/events/webhooks/webhooks.js';
import { isBivouacError } from '../../src/model/errors.js';
import { repositoryName } from '../../src/model/pull-request.js';
import { head } from '../decide/builders.js';

interface Payload {
  readonly action?: string;
  readonly repository?: { readonly full_name: string };
}
interface Examples {
  readonly name: string;
  readonly examples: readonly Payload[];
}
const recorded = createRequire(import.meta.url)('@octokit/webhooks-examples') as readonly Examples[];
const known = (name: string) => (name.toLowerCase() === 'acme/shop' ? repositoryName('acme/shop') : undefined);

const read = (forge: 'github' | 'gitea', event: string, payload: unknown): WebhookReading =>
  webhooksOf(forge)!.read({ [`x-${forge}-event`]: event }, payload, known);
const kindOrCode = (forge: 'github' | 'gitea', event: string, payload: unknown): string => {
  try {
    return read(forge, event, payload).kind;
  } catch (error) {
    return isBivouacError(error) ? error.code : String(error);
  }
};
const pull = (action: string, more: object = {}) => ({
  action,
  repository: { full_name: 'Acme/Shop' },
  pull_request: { number: 42, head: { sha: head } },
  ...more,
});
const comment = (body: string, more: object = {}) => ({
  action: 'created',
  repository: { full_name: 'acme/shop' },
  issue: { number: 42, pull_request: { url: 'x' } },
  comment: { id: 7, body, user: { login: 'octocat' } },
  ...more,
});
const ref = { forge: 'github', repository: 'acme/shop', number: 42 };

describe('webhooks', () => {
  test('recorded GitHub deliveries: those of pull requests are hints, nothing else is', () => {
    const kinds = new Map<string, Set<string>>();
    for (const { name, examples } of recorded)
      for (const payload of examples) {
        const { kind } = webhooksOf('github')!.read({ 'x-github-event': name }, payload, repositoryName);
        kinds.set(kind, (kinds.get(kind) ?? new Set()).add(name));
      }
    expect(kinds.get('pull-request')).toEqual(new Set(['pull_request']));
    expect(kinds.get('comment')).toBeUndefined();
    expect(kinds.get('ignored')!.size).toBeGreaterThan(40);
  });

  test('a pull request, as the configuration spells its repository', () => {
    expect(read('github', 'pull_request', pull('labeled'))).toEqual({
      kind: 'pull-request',
      ref: { ...ref, headSha: head },
    });
    expect(read('github', 'pull_request', pull('synchronize'))).toEqual({
      kind: 'pull-request',
      ref: { ...ref, headSha: head, pushed: true },
    });
    for (const action of ['synchronized', 'label_updated', 'closed'])
      expect(read('gitea', 'pull_request', pull(action))).toMatchObject({
        kind: 'pull-request',
        ref: { forge: 'gitea' },
      });
  });

  test('a command in a comment on a pull request, as it was created', () => {
    expect(read('github', 'issue_comment', comment('hello\n/bivouac sleep'))).toEqual({
      kind: 'comment',
      ref,
      commentId: 7,
    });
    expect(
      read('gitea', 'issue_comment', comment('/bivouac up', { issue: { number: 42 }, is_pull: true })),
    ).toMatchObject({ kind: 'comment', ref: { forge: 'gitea' } });
  });

  test.each([
    ['another repository', pull('opened', { repository: { full_name: 'acme/other' } }), 'pull_request'],
    ['an action that changes nothing', pull('assigned'), 'pull_request'],
    ['no command', comment('looks good, /bivouac up'), 'issue_comment'],
    ['a quoted command', comment('> /bivouac up'), 'issue_comment'],
    ['a longer word', comment('/bivouacs up'), 'issue_comment'],
    ['an issue', comment('/bivouac up', { issue: { number: 42 } }), 'issue_comment'],
    ['an edited comment', comment('/bivouac up', { action: 'edited' }), 'issue_comment'],
    ['a ping', { zen: 'x' }, 'ping'],
    ['another event', {}, 'push'],
  ])('%s is ignored', (_name, payload, event) => {
    for (const forge of ['github', 'gitea'] as const) expect(read(forge, event, payload).kind).toBe('ignored');
  });

  test('whatever is delivered: an answer, or an error of ours', () => {
    const event = fc.constantFrom('pull_request', 'issue_comment', 'ping', '');
    const odd = fc.oneof(
      fc.anything(),
      fc.constant(pull('opened', { pull_request: { number: -1, head: { sha: 'x' } } })),
    );
    fc.assert(
      fc.property(event, odd, (name, payload) => {
        for (const forge of ['github', 'gitea'] as const)
          expect(['ignored', 'pull-request', 'comment', 'InvalidWebhook']).toContain(kindOrCode(forge, name, payload));
      }),
    );
  });

  test('a forge without webhooks has none', () => {
    expect(webhooksOf('gitlab')).toBeUndefined();
  });
});
