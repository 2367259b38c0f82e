import { describe, expect, test } from '@jest/globals';
import { commentLimit, commentOf } from '../../src/feedback/comment.js';
import { gitOpsLinks } from '../../src/feedback/links.js';
import { summaryOf } from '../../src/feedback/summary.js';
import type { Outcome } from '../../src/model/outcome.js';
import { configWith, context, id, outcome, record, violation } from './context.js';

const created = outcome({ outcome: 'Created', reason: 'Opened' }, { url: record.url });
const body = (of: Outcome, change: Parameters<typeof context>[0] = {}): string =>
  commentOf(of, context(change))?.body ?? '';

describe('the length of a comment', () => {
  const line = '+  image: ghcr.io/acme/shop-api:latest\n';

  test('a long diff is cut at a line, and says so; its block stays whole', () => {
    const text = body(created, { record, diff: line.repeat(5000) });
    expect(text.length).toBeLessThanOrEqual(commentLimit);
    expect(text.length).toBeGreaterThan(commentLimit - 1000);
    expect(text).toMatch(/\n… \d+ more lines: see the commit\n```\n\n<\/details>$/);
    const shown = text.split(line).length - 1;
    expect(Number(/… (\d+) more lines/.exec(text)?.[1])).toBe(5000 - shown);
  });

  test('many findings are counted', () => {
    const violations = Array.from({ length: 2000 }, () => ({ ...violation, message: '*'.repeat(1000) }));
    const text = body(outcome({ outcome: 'Rejected', reason: 'PolicyViolation' }, { violations }), { record });
    expect(text.length).toBeLessThanOrEqual(commentLimit);
    expect(text).toMatch(/… and \d+ more\./);
    expect(text).toContain('the last good version stays, at `1a2b3c4`');
  });

  test('a diff full of backticks does not break out', () => {
    const text = body(created, { record, diff: `${'`'.repeat(30_000)}\n${line.repeat(4000)}` });
    expect(text.length).toBeLessThanOrEqual(commentLimit);
  });
});

describe('links to the GitOps repository', () => {
  test.each([
    ['https://github.com/acme/gitops.git', 'https://github.com/acme/gitops/tree/main/environments/shop/pr-42'],
    ['https://x:secret@github.com/acme/gitops', 'https://github.com/acme/gitops/tree/main/environments/shop/pr-42'],
    ['git@github.com:acme/gitops.git', 'https://github.com/acme/gitops/tree/main/environments/shop/pr-42'],
    [
      'ssh://git@git.acme.example/acme/gitops',
      'https://git.acme.example/acme/gitops/tree/main/environments/shop/pr-42',
    ],
    ['/srv/gitops.git', undefined],
  ])('%s', (repository, folder) => {
    expect(gitOpsLinks(configWith(repository), id).folder).toBe(folder);
  });
});

describe('the job’s summary', () => {
  test('has a table of outcomes, then findings', () => {
    const rejected = outcome({ outcome: 'Rejected', reason: 'PolicyViolation' }, { violations: [violation] });
    expect(summaryOf([created, rejected])).toMatchInlineSnapshot(`
     "### Bivouac

     | environment | outcome | reason | what happened | address |
     | --- | --- | --- | --- | --- |
     | \`shop/pr-42\` | Created | Opened | a message | [shop-pr-42.preview.example.com](https://shop-pr-42.preview.example.com/) |
     | \`shop/pr-42\` | Rejected | PolicyViolation | a message |  |

     #### \`shop/pr-42\`

     | rule | where | what is wrong | what to do |
     | --- | --- | --- | --- |
     | \`no-latest-tag\` | \`Deployment/api\`, \`/spec/template/spec/containers/0/image\` | The image has the tag latest. | Name a version or a digest. |
     "
    `);
    expect(summaryOf([])).toContain('Nothing to do.');
  });

  test('is cut before GitHub drops it, in bytes', () => {
    const many = Array.from({ length: 30 }, (_, index) =>
      outcome(
        { outcome: 'Updated', reason: 'HeadCommitChanged' },
        { id: { ...id, environment: `pr-${index}` as typeof id.environment } },
      ),
    );
    const diffs = new Map(many.map((_, index) => [`shop/pr-${index}`, '+ ü€\n'.repeat(15_000)]));
    const text = summaryOf(many, { diffs });
    expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024 - 50_000);
    expect(Buffer.byteLength(text)).toBeGreaterThan(500_000);
    expect(text).toMatch(/… \d+ more sections/);
  });
});
