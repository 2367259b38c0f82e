import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Marked } from 'marked';

const css = readFileSync(
  createRequire(import.meta.url).resolve('github-markdown-css/github-markdown-light.css'),
  'utf8',
);

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The classes by which the style sheet colours a diff. */
const diffClass = (line: string): string => {
  if (/^(---|\+\+\+) /.test(line)) return 'pl-mh';
  if (line.startsWith('+')) return 'pl-mi1';
  if (line.startsWith('-')) return 'pl-md';
  return line.startsWith('@@') ? 'pl-mdr' : '';
};

/** As in comments on GitHub: a line’s end is a line’s end. */
const markdown = new Marked({
  gfm: true,
  breaks: true,
  renderer: {
    code: ({ text, lang }) => {
      const lines = text
        .split('\n')
        .map((line) => `<span class="${lang === 'diff' ? diffClass(line) : ''}">${escaped(line)}</span>`);
      return `<pre><code>${lines.join('\n')}</code></pre>`;
    },
  },
});

export const htmlOf = (text: string): string => markdown.parse(text, { async: false });

const style = `
  ${css}
  * { box-sizing: border-box; }
  body { margin: 0; background: #fff; font-family: "Noto Sans", "Liberation Sans", Helvetica, Arial, sans-serif; }
  main { padding: 12px; }
  .comment { border: 1px solid #d1d9e0; border-radius: 6px; overflow: hidden; background: #fff; }
  .comment > header { padding: 8px 16px; background: #f6f8fa; border-bottom: 1px solid #d1d9e0; font-size: 14px; color: #59636e; }
  .comment > header b { color: #1f2328; }
  .bot { border: 1px solid #d1d9e0; border-radius: 2em; padding: 0 6px; font-size: 12px; margin: 0 4px; }
  .comment > .markdown-body { padding: 16px; font-size: 14px; font-family: inherit; }
`;

/** A whole page around what a code host would show. */
export const pageOf = (body: string, more = ''): string =>
  `<!doctype html><html><head><meta charset="utf-8"><style>${style}${more}</style></head><body>${body}</body></html>`;

/** One comment as the pull request’s page frames it. */
export const commentFrame = (text: string): string =>
  `<article class="comment"><header><b>bivouac</b><span class="bot">bot</span> commented</header><div class="markdown-body">${htmlOf(text)}</div></article>`;
