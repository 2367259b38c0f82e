import { describe, expect, test } from '@jest/globals';
import { commentLimit, commentOf } from '../../src/feedback/comment.js';
import { baseSection } from '../../src/feedback/base-section.js';
import type { BaseCompared, Difference } from '../../src/model/difference.js';
import type { Outcome } from '../../src/model/outcome.js';
import { commitSha } from '../../src/model/pull-request.js';
import { context, outcome, record } from './context.js';

const commit = commitSha('abc1234'.padEnd(40, '0'));
const none: Difference = { objects: { added: [], changed: [], removed: [] }, fields: [] };
const difference: Difference = {
  objects: { added: ['Deployment/mailer', 'Service/mailer'], changed: ['Deployment/api'], removed: [] },
  fields: [
    { kind: 'image', where: 'api', name: 'image', before: 'ghcr.io/acme/api:1', after: 'ghcr.io/acme/api:2' },
    {
      kind: 'image',
      where: 'api/api-migrate',
      name: 'image',
      before: 'ghcr.io/acme/api:1',
      after: 'ghcr.io/acme/api:2',
    },
    { kind: 'variable', where: 'api', name: 'EMPTY', before: 'x', after: '' },
    { kind: 'variable', where: 'api', name: 'TOKEN', after: 'secret shop-db, key token' },
    { kind: 'resource', where: 'api', name: 'requests.memory', before: '64Mi', after: '1Gi' },
  ],
};
const base = (change: Partial<BaseCompared> = {}): BaseCompared => ({
  ...{ branch: 'main', commit, difference, diff: '--- a/manifests/api.yaml\n+++ b/manifests/api.yaml\n-a\n+b\n' },
  ...change,
});
const live = ['Created', 'Updated', 'Unchanged'] as const;
const changes = { added: ['Job/x-0123456789'], changed: [], removed: [] };
const body = (of: Outcome, change: Parameters<typeof context>[0]): string =>
  commentOf(of, context({ record, ...change }))?.body ?? '';
const written = (kind: (typeof live)[number]) => outcome({ outcome: kind, reason: 'Opened' }, { changes });

describe('the difference from the base branch', () => {
  test('a summary, what runs differently, the objects, the diff', () => {
    const text = body(written('Created'), { base: base() });
    expect(text.slice(text.indexOf('<details><summary>Compared'))).toMatchInlineSnapshot(`
     "<details><summary>Compared with main at abc1234: 2 objects added, 1 changed</summary>

     | where | what | \`main\` at \`abc1234\` | here |
     | --- | --- | --- | --- |
     | \`api\`, \`api/api-migrate\` | image | \`api:1\` | \`api:2\` |
     | \`api\` | \`EMPTY\` | \`x\` | (empty) |
     | \`api\` | \`TOKEN\` | – | \`secret shop-db, key token\` |
     | \`api\` | requests.memory | \`64Mi\` | \`1Gi\` |

     - added \`Deployment/mailer\`
     - added \`Service/mailer\`
     - changed \`Deployment/api\`

     Both sides are rendered with the same charts: they differ by \`.bivouac.yaml\`, labels and images alone. What a change of the charts does shows in the GitOps repository’s commits.

     \`\`\`diff
     --- a/manifests/api.yaml
     +++ b/manifests/api.yaml
     -a
     +b
     \`\`\`

     </details>"
    `);
  });

  test('is the same whatever was done, and once it was seen', () => {
    const sections = [
      ...live.map((kind) => body(written(kind), { base: base() })),
      body(
        { ...written('Updated'), deployment: { state: 'ready', message: 'ready', causes: [], steps: [] } },
        { base: base() },
      ),
    ].map((text) => text.slice(text.indexOf('<details><summary>Compared')));
    expect(new Set(sections).size).toBe(1);
  });

  test('none: a line that says so, and nothing of the last push', () => {
    const text = body(written('Updated'), { base: base({ difference: none, diff: '' }) });
    expect(text).toContain(
      'Nothing differs from `main` at `abc1234` but what every commit changes; both are rendered with the same charts.',
    );
    expect(text).not.toContain('Job/x-0123456789');
  });

  test('that can’t be made: why, and what the last push changed instead', () => {
    const text = body(written('Updated'), {
      base: { branch: 'main', commit, failure: 'it has no *chart*' },
      diff: '+a\n',
    });
    expect(text).toContain('Not compared with `main` at `abc1234`: it has no \\*chart\\*');
    expect(text).toContain('<summary>Changes: 1 object added</summary>');
    expect(text).toContain('Compared with what was there before:');
  });

  test('a branch whose name is more than letters stays out of the title, which is HTML', () => {
    const title = (branch: string) => /<summary>(.*?) at/.exec(baseSection(base({ branch }), 60_000))?.[1];
    expect(title('release/1.2')).toBe('Compared with release/1.2');
    expect(title('a<b>&"@x')).toBe('Compared with the base branch');
    expect(title('')).toBe('Compared with the base branch');
  });

  test('is cut to the room there is: the diff first, then all but the summary', () => {
    const long = base({ diff: '+ line of the diff\n'.repeat(9000) });
    const text = body(written('Created'), { base: long });
    expect(text.length).toBeLessThanOrEqual(commentLimit);
    expect(text.length).toBeGreaterThan(commentLimit - 1000);
    expect(text).toMatch(/\n… \d+ more lines: bivouac diff --against base\n```\n\n<\/details>$/);
    for (const budget of [60_000, 5_000, 1_500, 900, 200, 80, 10, 0])
      expect(baseSection(long, budget).length).toBeLessThanOrEqual(budget);
    const whole = baseSection(base({ diff: '' }), 60_000);
    expect(baseSection(long, whole.length + 20)).toBe(whole);
    expect(baseSection(long, 100)).toBe('Compared with main at abc1234: 2 objects added, 1 changed');
    const many = base({
      difference: {
        ...difference,
        fields: Array.from({ length: 3000 }, (_, index) => ({ ...difference.fields[2]!, name: `V${index}` })),
      },
    });
    expect(baseSection(many, 60_000)).toMatch(/\n… and \d+ more\.\n/);
  });
});
