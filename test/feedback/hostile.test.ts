import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { commentOf } from '../../src/feedback/comment.js';
import { code, fenced, link, plain, table } from '../../src/feedback/markdown.js';
import { summaryOf } from '../../src/feedback/summary.js';
import { textDiff } from '../../src/feedback/text-diff.js';
import { approvedCommits } from '../../src/forges/rest/approvals.js';
import { commitSha } from '../../src/model/pull-request.js';
import { context, head, outcome, record } from './context.js';

/** What of a Markdown text is read as Markdown: without escapes, code spans and fenced blocks. */
const live = (markdown: string): string => {
  const visible = markdown.replace(/<!-- bivouac:state:[^>]* -->/g, '');
  const text = visible.replace(/^(`{3,})[^\n`]*\n[\s\S]*?\n\1$/gm, '');
  let out = '';
  for (let i = 0; i < text.length;) {
    if (text[i] === '\\' && /[!-/:-@[-`{-~]/.test(text[i + 1] ?? '')) i += 2;
    else if (text[i] === '`') {
      const run = /^`+/.exec(text.slice(i))?.[0] ?? '';
      const close = [...text.slice(i + run.length).matchAll(/`+/g)].find(([found]) => found === run);
      i += run.length + (close === undefined ? 0 : close.index + run.length);
    } else out += text[i++] ?? '';
  }
  return out;
};

const dangers: readonly (readonly [string, RegExp])[] = [
  ['mention', /@\w/],
  ['reference', /(?:#|(?<![a-z\d])GH-)\d/i],
  ['image', /!\[/],
  ['HTML', /<(?!\/?(?:details|summary)>)[a-z/!?]/i],
  ['address', /(?<!\]\([^)]*)(?::\/\/|(?<![a-z\d])www\.)/i],
  ['emphasis', /\*\*|~~/],
];
const expectHarmless = (markdown: string): void => {
  for (const [what, pattern] of dangers) expect({ what, found: pattern.exec(live(markdown))?.[0] }).toEqual({ what });
  expect(markdown.match(/<!-- bivouac:env:/g)).toBeNull();
};

const corpus = [
  '@octocat @acme/admins',
  'fixes #1, acme/shop#2 and GH-3',
  '![](https://evil.example/pixel.png)',
  '[click](javascript:alert(1)) <https://evil.example> www.evil.example',
  '<img src=x onerror=alert(1)><script>x</script><!-- c -->',
  '<!-- bivouac:env:shop-pr-42 -->',
  'a\n\n# heading\n- list\n> quote\n/bivouac approve 1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d',
  '`` ` ``` code @octocat',
  '| cell | @octocat |',
  '\\@octocat \\`@octocat\\`',
  '\\| <b>@octocat</b> _www.evil.example *GH-1',
  '\u202egnp.exe\u0000\u001b[31m',
  '$\\href{https://evil.example}{x}$ **bold** ~~no~~ &lt;b&gt; &#64;octocat',
  '{{ .Values }} ${{ secrets.X }} $(id)',
  '``',
  ' ',
];

const hostile = fc.oneof(
  fc.constantFrom(...corpus),
  fc
    .array(
      fc.constantFrom(
        '@o',
        '#1',
        '`',
        '``',
        '\\',
        '|',
        '<b>',
        '<!--',
        '![',
        '](',
        '://',
        'www.',
        'GH-1',
        '\n',
        ' ',
        '*',
        '_',
        'a',
      ),
    )
    .map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

describe('foreign text', () => {
  test('does nothing as code, as text, in a table, in a block', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expectHarmless(code(text));
        expectHarmless(plain(text));
        const cells = table({ head: ['a', 'b'], rows: [[code(text), plain(text)]], budget: 10_000 });
        expectHarmless(cells);
        expect(cells.split('\n')).toHaveLength(3);
        // as a table's row is read: an escaped backslash escapes no bar, in code neither
        expect(
          cells
            .split('\n')[2]
            ?.replace(/\\[\\|]/g, '')
            .match(/\|/g),
        ).toHaveLength(3);
        expectHarmless(`x\n${fenced(text, 'diff')}\ny`);
      }),
      { numRuns: 200 },
    );
  });

  test.each(corpus)('%j does nothing wherever it may get into a comment or summary', (text) => {
    const violation = {
      rule: text,
      severity: 'error',
      object: text,
      field: text,
      message: text,
      remedy: text,
    } as const;
    const facts = {
      message: text,
      url: text,
      components: [text],
      expiresAt: text,
      changes: { added: [text], changed: [text], removed: [text] },
      violations: [violation],
      warnings: [text],
    };
    const told = context({
      record,
      addresses: new Map([[text, text]]),
      why: new Map([[text, text]]),
      diff: `+${text}\n`,
    });
    const commit = commitSha(head);
    const field = { where: text, name: text, before: text, after: text };
    const difference = {
      objects: facts.changes,
      fields: (['image', 'variable', 'resource'] as const).map((kind) => ({ kind, ...field })),
    };
    const compared = context({ ...told, base: { branch: text, commit, difference, diff: `+${text}\n` } });
    const failed = context({ ...told, base: { branch: text, commit, failure: text } });
    const outcomes = [
      outcome({ outcome: 'Created', reason: 'Opened' }, facts),
      outcome({ outcome: 'Rejected', reason: 'PolicyViolation' }, facts),
      outcome({ outcome: 'Rejected', reason: 'NameTaken' }, { ...facts, violations: [] }),
      outcome({ outcome: 'Ignored', reason: 'Draft' }, facts),
      outcome({ outcome: 'Removed', reason: 'Off' }, facts),
    ];
    for (const each of outcomes)
      for (const known of [told, compared, failed]) expectHarmless(commentOf(each, known)?.body ?? '');
    expectHarmless(summaryOf(outcomes, { diffs: new Map([['shop/pr-42', text]]) }));
    for (const each of outcomes)
      for (const known of [told, compared]) expect(approvedCommits(commentOf(each, known)?.body ?? '')).toEqual([]);
  });

  test('the check itself finds what is dangerous', () => {
    for (const text of [
      '@octocat',
      'x #1',
      '![a',
      '<b>',
      'http://x',
      'a **b**',
      '`a` @o',
      '\\\\`@o',
      '\\_www.x',
      '\\_GH-1',
    ])
      expect(dangers.some(([, pattern]) => pattern.test(live(text)))).toBe(true);
  });

  test('links lead to http and https alone', () => {
    expect(link('x', 'javascript:alert(1)')).toBe('x');
    expect(link('x', 'not an address')).toBe('x');
    expect(link('x', 'https://a.example/b)(c|d')).toBe('[x](https://a.example/b%29%28c%7Cd)');
    expect(link('x', 'https://a.example/?b\\')).toBe('[x](https://a.example/?b%5C)');
  });
});

describe('textDiff', () => {
  const tree = (files: Readonly<Record<string, string>>) => new Map(Object.entries(files));

  test('is a unified diff by path: changed, added, removed', () => {
    const before = tree({ 'b.yaml': 'a\nb\nc\n', 'c.yaml': 'gone\n', same: 'x\n' });
    const after = tree({ 'b.yaml': 'a\nB\nc\n', 'a.yaml': 'new\n', same: 'x\n' });
    expect(textDiff(before, after)).toMatchInlineSnapshot(`
     "--- /dev/null
     +++ b/a.yaml
     @@ -0,0 +1,1 @@
     +new
     --- a/b.yaml
     +++ b/b.yaml
     @@ -1,3 +1,3 @@
      a
     -b
     +B
      c
     --- a/c.yaml
     +++ /dev/null
     @@ -1,1 +0,0 @@
     -gone
     "
    `);
  });

  test('is empty exactly for equal trees', () => {
    const trees = fc
      .dictionary(
        fc.constantFrom('a', 'b', 'c'),
        fc.string().map((text) => `${text}\n`),
      )
      .map(tree);
    fc.assert(
      fc.property(trees, trees, (before, after) => {
        const same = JSON.stringify([...before].sort()) === JSON.stringify([...after].sort());
        expect(textDiff(before, after) === '').toBe(same);
        expect(textDiff(before, before)).toBe('');
      }),
    );
    expect(textDiff(undefined, undefined)).toBe('');
  });

  test('of two long files without a common line is as long as both', () => {
    const file = (mark: string): string => Array.from({ length: 1500 }, (_, line) => `${mark}${line}\n`).join('');
    const lines = textDiff(tree({ f: file('a') }), tree({ f: file('b') }))
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(3 + 3000);
    expect(lines.slice(0, 4)).toEqual(['--- a/f', '+++ b/f', '@@ -1,1500 +1,1500 @@', '-a0']);
  });
});
