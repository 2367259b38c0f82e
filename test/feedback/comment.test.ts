import { describe, expect, test } from '@jest/globals';
import { commentOf } from '../../src/feedback/comment.js';
import type { Outcome } from '../../src/model/outcome.js';
import { commitSha } from '../../src/model/pull-request.js';
import { context, head, outcome, record, violation } from './context.js';

const commit = commitSha('9f8e7d6c5b4a39281706f5e4d3c2b1a098765432');
const created = outcome({ outcome: 'Created', reason: 'Opened' }, { commit, url: record.url });
const body = (of: Outcome, change: Parameters<typeof context>[0] = {}): string =>
  commentOf(of, context(change))?.body ?? '';
const stateOf = (text: string): string => text.split('\n', 1)[0] ?? '';

describe('the comment of', () => {
  test('an environment that was committed: addresses, components and why, expiry, folder, labels', () => {
    const comment = commentOf(
      created,
      context({
        record,
        addresses: new Map([['web', record.url]]),
        why: new Map([
          ['api', 'needed by web'],
          ['web', 'part of every environment of shop'],
        ]),
      }),
    );
    expect(comment).toMatchObject({ name: 'shop-pr-42', when: 'always' });
    expect(comment?.body).toMatchInlineSnapshot(`
     "<!-- bivouac:state:committed 1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d active 2026-11-30T10:04:05Z -->

     ### \`shop/pr-42\`: committed at \`1a2b3c4\`

     [shop-pr-42.preview.example.com](https://shop-pr-42.preview.example.com/)

     The manifests are in Git. Whether the cluster runs them yet was not observed.

     | component | address | why |
     | --- | --- | --- |
     | \`api\` |  | needed by web |
     | \`web\` | [shop-pr-42.preview.example.com](https://shop-pr-42.preview.example.com/) | part of every environment of shop |

     Expires on 2026-11-30 10:04 UTC; the next push starts a new lifetime.
     Folder: [\`environments/shop/pr-42\`](https://github.com/acme/gitops/tree/main/environments/shop/pr-42) · GitOps commit: [\`9f8e7d6\`](https://github.com/acme/gitops/commit/9f8e7d6c5b4a39281706f5e4d3c2b1a098765432)

     <details><summary>Change it with labels</summary>

     | label | what it does |
     | --- | --- |
     | \`bivouac:with-<component>\` | adds a component |
     | \`bivouac:without-<component>\` | leaves one out |
     | \`bivouac:keep\` | its lifetime doesn’t run |
     | \`bivouac:off\` | removes the environment |

     Or in a comment: \`/bivouac help\` lists what can be written.

     </details>"
    `);
  });

  test('an update: what changed, and the diff', () => {
    const changes = { added: ['Job/api-migrate-8335f43d12'], changed: ['Deployment/api'], removed: [] };
    const text = body(outcome({ outcome: 'Updated', reason: 'HeadCommitChanged' }, { commit, changes }), {
      diff: '--- a/manifests/api.yaml\n+++ b/manifests/api.yaml\n@@ -1,1 +1,1 @@\n-a\n+b\n',
    });
    expect(text.slice(text.indexOf('<details><summary>Changes'))).toMatchInlineSnapshot(`
     "<details><summary>Changes: 1 object added, 1 changed</summary>

     - added \`Job/api-migrate-8335f43d12\`
     - changed \`Deployment/api\`

     Compared with what was there before:

     \`\`\`diff
     --- a/manifests/api.yaml
     +++ b/manifests/api.yaml
     @@ -1,1 +1,1 @@
     -a
     +b
     \`\`\`

     </details>"
    `);
  });

  test('nothing new: the same state as when it was written, and so not told again', () => {
    const unchanged = outcome({ outcome: 'Unchanged', reason: 'SameTree' });
    const comment = commentOf(unchanged, context({ record }));
    expect(comment?.when).toBe('update');
    expect(stateOf(comment?.body ?? '')).toBe(stateOf(body(created, { record })));
    const extended = { ...record, expiresAt: '2026-12-30T10:04:05Z' };
    expect(stateOf(body(unchanged, { record: extended }))).not.toBe(stateOf(comment?.body ?? ''));
  });

  test('a removal', () => {
    const comment = commentOf(outcome({ outcome: 'Removed', reason: 'Closed' }, { commit }), context());
    expect(comment).toMatchInlineSnapshot(`
     {
       "body": "<!-- bivouac:state:none Closed -->

     ### \`shop/pr-42\`: removed from Git

     The pull request is closed. Its directory is gone from Git; what the cluster still runs was not observed.

     GitOps commit: [\`9f8e7d6\`](https://github.com/acme/gitops/commit/9f8e7d6c5b4a39281706f5e4d3c2b1a098765432)",
       "name": "shop-pr-42",
       "when": "update",
     }
    `);
    const later = outcome({ outcome: 'Ignored', reason: 'Closed' });
    expect(stateOf(body(later))).toBe(stateOf(comment?.body ?? ''));
  });

  test('a rejection: each finding, and what stays', () => {
    const rejected = outcome({ outcome: 'Rejected', reason: 'PolicyViolation' }, { violations: [violation] });
    expect(commentOf(rejected, context({ record }))).toMatchInlineSnapshot(`
     {
       "body": "<!-- bivouac:state:rejected PolicyViolation 1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d 1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d -->

     ### \`shop/pr-42\`: rejected at \`1a2b3c4\`

     The manifests break rules of the platform:

     | rule | where | what is wrong | what to do |
     | --- | --- | --- | --- |
     | \`no-latest-tag\` | \`Deployment/api\`, \`/spec/template/spec/containers/0/image\` | The image has the tag latest. | Name a version or a digest. |

     Nothing in Git was changed: the last good version stays, at \`1a2b3c4\`.",
       "name": "shop-pr-42",
       "when": "always",
     }
    `);
    expect(body(rejected)).toContain('Nothing was deployed, and nothing in Git was changed.');
  });

  test('a fork: said aloud, with the command that approves it, which is none itself', () => {
    const message = `Nobody has approved it. Someone with write permission can comment "/bivouac approve ${head}".`;
    const fork = outcome({ outcome: 'Ignored', reason: 'Fork' }, { message });
    expect(commentOf(fork, context())?.when).toBe('always');
    expect(body(fork)).toContain('`/bivouac approve 1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d`');
    expect(body(fork)).not.toMatch(/^ {0,3}\/bivouac/m);
  });

  test.each(['Draft', 'Bot', 'NotOn', 'Off', 'Expired', 'Paths', 'BaseBranch', 'Closed'] as const)(
    'one that is ignored (%s): why and what to do, only where a comment is',
    (reason) => {
      const message = 'It changes nothing below "docs/**". Label it bivouac:on, *now*.';
      const comment = commentOf(outcome({ outcome: 'Ignored', reason }, { message }), context());
      expect(comment?.when).toBe('update');
      expect(comment?.body).toContain('nothing below `docs/**`. Label it `bivouac:on`, \\*now\\*.');
      expect(comment?.body).toContain('### `shop/pr-42`: no environment');
      expect(body(outcome({ outcome: 'Ignored', reason }, { message }), { record })).toContain(
        'left as it is at `1a2b3c4`',
      );
    },
  );

  test('several things that aren’t allowed: a list', () => {
    const message = 'What is asked for isn\'t allowed:\n- "cache": no\n- <b>no</b>\nTake it out.';
    const rejected = outcome({ outcome: 'Rejected', reason: 'OverrideNotAllowed' }, { message });
    expect(body(rejected)).toContain('allowed:\n\n- `cache`: no\n- \\<b\\>no\\</b\\>\n\nTake it out.');
  });

  test.each([
    ['WaitingForImages', 'waiting for images of `1a2b3c4`'],
    ['LimitReached', 'no environment'],
  ] as const)('one that somebody waits for (%s) is said aloud', (reason, heading) => {
    const comment = commentOf(outcome({ outcome: 'Ignored', reason }), context());
    expect(comment?.when).toBe('always');
    expect(comment?.body).toContain(`### \`shop/pr-42\`: ${heading}`);
  });

  test.each(['NoPullRequest', 'Superseded', 'ChartsChanged'] as const)('%s is none', (reason) => {
    expect(commentOf(outcome({ outcome: 'Ignored', reason }), context())).toBeUndefined();
  });

  test('no environment at all is none', () => {
    const run: Outcome = { outcome: 'Rejected', reason: 'TooManyRemovals', message: 'too many' };
    expect(commentOf(run, context())).toBeUndefined();
  });

  test('anything: never the word "ready" of what nobody observed', () => {
    for (const text of [body(created, { record }), body(outcome({ outcome: 'Unchanged', reason: 'SameTree' }))])
      expect(text).not.toMatch(/\bready\b/i);
  });
});

test('the state line can’t be broken out of', () => {
  const hostile = { ...record, expiresAt: 'x --> <script>' };
  expect(stateOf(body(created, { record: hostile })).match(/-->/g)).toHaveLength(1);
  expect(stateOf(body(created, { record: hostile }))).toContain(head);
});
