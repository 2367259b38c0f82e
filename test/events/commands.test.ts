import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { commandHelp } from '../../src/events/commands/command.js';
import { readCommands } from '../../src/events/commands/parse.js';
import { ownLines } from '../../src/model/comment-lines.js';

const sha = '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d';
const kinds = (body: string) =>
  readCommands(body).map((reading) => (reading.kind === 'command' ? reading.command.kind : reading.nearest));

describe('a command', () => {
  test.each([
    ['/bivouac up', { kind: 'up' }],
    ['/bivouac down', { kind: 'down' }],
    ['/bivouac extend 2d', { kind: 'extend', duration: '2d' }],
    ['/bivouac keep', { kind: 'keep' }],
    ['/bivouac sleep', { kind: 'sleep' }],
    ['/bivouac wake', { kind: 'wake' }],
    ['/bivouac with mailer', { kind: 'with', component: 'mailer' }],
    ['/bivouac without web', { kind: 'without', component: 'web' }],
    ['/bivouac preset demo', { kind: 'preset', preset: 'demo' }],
    [`/bivouac approve ${sha.toUpperCase()}`, { kind: 'approve', commit: sha }],
    ['/bivouac approve 1A2b3c', { kind: 'approve', commit: '1a2b3c' }],
    ['/bivouac help', { kind: 'help' }],
    ['  /Bivouac\t SLEEP  ', { kind: 'sleep' }],
  ])('%s', (body, command) => {
    expect(readCommands(body)).toEqual([{ kind: 'command', command }]);
  });

  test('each of the help is one', () => {
    for (const [example] of commandHelp)
      expect(readCommands(example.replace('<commit>', sha))).toMatchObject([{ kind: 'command' }]);
  });

  test('several are done in order, with text around them', () => {
    expect(kinds('Too long.\n\n/bivouac extend 2d\r\n/bivouac with mailer\rThanks!')).toEqual(['extend', 'with']);
    expect(kinds('/bivouac up\n'.repeat(50))).toHaveLength(10);
  });

  test.each([
    ['/bivouac', '/bivouac help'],
    ['/bivouac slep', '/bivouac sleep'],
    ['/bivouac down now', '/bivouac down'],
    ['/bivouac extend', '/bivouac extend 2d'],
    ['/bivouac extend 2 days', '/bivouac extend 2d'],
    ['/bivouac with Mailer!', '/bivouac with mailer'],
    ['/bivouac with constructor-of-something-long', '/bivouac with mailer'],
    ['/bivouac approve', '/bivouac approve <commit>'],
    ['/bivouac approve main', '/bivouac approve <commit>'],
    ['/bivouac make me a sandwich', '/bivouac wake'],
    ['/bivouac toString', '/bivouac help'],
  ])('%s is answered with %s', (body, nearest) => {
    const [reading, ...others] = readCommands(body);
    expect(reading).toMatchObject({ kind: 'unknown', nearest });
    expect(others).toEqual([]);
  });
});

test('a long one is cut where it is shown', () => {
  const text = `/bivouac ${'x'.repeat(91)}`;
  expect(readCommands(text.padEnd(9_000, 'x'))).toEqual([{ kind: 'unknown', text, nearest: '/bivouac help' }]);
});

describe('what isn’t said', () => {
  const line = '/bivouac down';
  test.each([
    ['in the middle of a line', `please ${line}`],
    ['of another program', '/bivouacs down'],
    ['quoted', `> ${line}`],
    ['in a quote’s lazy end', `> as you said\n${line}`],
    ['in a block of code', `\`\`\`sh\n${line}\n\`\`\``],
    ['in a block of code that another one seems to end', `\`\`\`\n\`\`\`sh\n${line}\n\`\`\``],
    ['in a block of code after code within a line', `\`\`\`x\`\`\`\n\`\`\`\n${line}\n\`\`\``],
    ['in a longer block', `~~~~\n~~~\n${line}\n~~~~`],
    ['in a block without an end', `\`\`\`\n${line}`],
    ['indented as code', `    ${line}`],
    ['indented by a tab', `\t${line}`],
    ['in a comment of HTML', `<!--\n${line}\n-->`],
    ['in one without an end', `<!--\n${line}`],
    ['preformatted', `<pre>\n${line}\n</pre>`],
    ['right behind it', `<pre>x</pre>${line}`],
    ['in a quote of HTML', `<blockquote>\n${line}\n</blockquote>`],
    ['in one with empty lines', `<BlockQuote>\n\n${line}\n\n</BlockQuote>`],
    ['behind a quote in a quote', `<blockquote><blockquote>x</blockquote>\n${line}\n</blockquote>`],
    ['in a quote whose tag seems to hold its end', `<blockquote cite="</blockquote>">\n${line}\n</blockquote>`],
    ['in a sample', `<samp>\n${line}\n</samp>`],
    ['as keys', `<kbd>\n${line}\n</kbd>`],
    ['as a script', `<script>\n${line}`],
    ['in a list’s block of code', `1. a\n\n    \`\`\`\n   ${line}\n    \`\`\``],
    ['in one that its item begins with', `- \`\`\`\n  ${line}\n  \`\`\``],
    ['in a block after a list’s own', `- a\n  \`\`\`\n  x\nb\n\`\`\`\n${line}\n\`\`\``],
    ['in a block that a line of its code seems to end', `\`\`\`\n    \`\`\`\n${line}\n\`\`\``],
    ['in a list’s quote', `- > x\n${line}`],
    ['in code over several lines', `\`a\n${line}\nb\``],
    ['in such code after another one', `\`x\` and \`\`a \`\n    b\n${line}\nb\`\``],
    ['in such code after a backtick that is none', `\\\` x \`a\n${line}\nb\``],
    ['in a block that a comment of HTML seems to remove', `\`<!--\`\n\`\`\`\n\`-->\`\n${line}\n\`\`\``],
  ])('%s', (_, body) => {
    expect(readCommands(body)).toEqual([]);
  });

  test.each([
    ['after a quote', `> yes\n\n${line}`],
    ['after code', `\`\`\`\nx\n\`\`\`\n${line}`],
    ['after code within a line', `\`\`\`x\`\`\`\n${line}`],
    ['between code within lines', `\`a\` is fine\n${line}\n\`b\` too`],
    ['after a backtick alone', `it\`s fine\n${line}`],
    ['after a list’s block of code', `1. a\n\n    \`\`\`\n    x\n    \`\`\`\n${line}`],
    ['after a quote of HTML', `<blockquote>x</blockquote>\n\n${line}`],
    ['after keys', `Press <kbd>F5</kbd>.\n${line}`],
  ])('but %s it is', (_, body) => {
    expect(kinds(body)).toEqual(['down']);
  });
});

test('whatever a comment holds, lines of it or nothing', () => {
  const piece = fc.constantFrom(
    '/bivouac down',
    '> ',
    '```',
    '~~~',
    '<!--',
    '-->',
    '<pre>',
    '\n',
    '\r',
    ' ',
    '\t',
    'x',
    '`',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 40 }), (pieces) => {
      const body = pieces.join('');
      expect(() => readCommands(body)).not.toThrow();
      expect(ownLines(`\`\`\`\`\`\n${body.replaceAll(/`/g, '')}`).filter((each) => each.includes('/bivouac'))).toEqual(
        [],
      );
    }),
  );
});
