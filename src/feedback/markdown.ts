/** Zero width space: breaks what GitHub would make a link or a mention of, and can't be seen. */
const gap = '\u200b';

/** One line without control and direction characters, cut to a length. */
const oneLine = (text: string, limit: number): string => {
  const line = text
    .replace(/\s+/g, ' ')
    .replace(/[\p{C}\u2028\u2029]/gu, '')
    .trim();
  const letters = [...line];
  return letters.length > limit ? `${letters.slice(0, limit - 1).join('')}…` : line;
};

/** Nobody else's marker of ours, or any other HTML comment. */
const withoutComments = (text: string): string => text.replaceAll('<!--', `<${gap}!--`);

const longestRun = (text: string): number => Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));

/** A table's row escapes bars and backslashes in code, too: a backslash before a bar would leave the bar bare, and end the cell. */
const withoutCells = (text: string): string => text.replace(/\\(?=\|)/g, `\\${gap}`).replaceAll('|', '\\|');

/** Foreign text as a code span, for a table's cell too: nothing in it is a mention, a link or HTML. */
export const code = (text: string, limit = 200): string => {
  const line = withoutCells(withoutComments(oneLine(text, limit)));
  if (line === '') return '(empty)';
  const fence = '`'.repeat(longestRun(line) + 1);
  return fence.length > 1 || line.startsWith('`') ? `${fence} ${line} ${fence}` : `${fence}${line}${fence}`;
};

/** Foreign text as text: what Markdown, HTML and GitHub would read into it is taken away. */
export const plain = (text: string, limit = 500): string => escaped(oneLine(text, limit));

const escaped = (line: string): string =>
  line
    .replace(/[\\`*_[\]<>~&|!$]/g, '\\$&')
    .replace(/^([-+=])/, '\\$1')
    .replace(/^(\d+)([.)])/, '$1\\$2')
    .replace(/[@#]/g, `$&${gap}`)
    .replaceAll('://', `:${gap}//`)
    .replace(/(?<![a-z\d])www\./gi, (found) => `${found.slice(0, 3)}${gap}.`) // links after `_`, too, which \b takes for a letter
    .replace(/(?<![a-z\d])GH-(?=\d)/gi, (found) => `${found.slice(0, 2)}${gap}-`);

const mostLines = 30;

/** What we say to people, with foreign words in it: what stands in quotes, and our labels, as code; lines that begin with `- ` as a list. */
export const sentences = (text: string): string => {
  const all = asSentence(text).split('\n');
  const lines = all.slice(0, mostLines);
  const more = all.length - lines.length;
  return [...lines, ...(more > 0 ? [`… and ${count(more, 'line')} more.`] : [])]
    .map((line, index) => {
      const isItem = line.startsWith('- ');
      const isNext = isItem && lines[index - 1]?.startsWith('- ') === true;
      const gapBefore = index === 0 ? '' : isNext ? '\n' : '\n\n';
      return `${gapBefore}${isItem ? '- ' : ''}${withCode(oneLine(isItem ? line.slice(2) : line, 1000))}`;
    })
    .join('');
};

/** Outcomes’ messages are half a line of a log. */
const asSentence = (text: string): string => {
  const whole = (/^[a-z]+[ ,.]/.test(text) ? `${text.slice(0, 1).toUpperCase()}${text.slice(1)}` : text).trimEnd();
  return /[.:!?)…]$/.test(whole) ? whole : `${whole}.`;
};

const withCode = (line: string): string =>
  line
    .split(/("[^"]+"|\bbivouac:[\w-]+)/)
    .map((part, index) => (index % 2 === 0 ? escaped(part) : code(part.replaceAll('"', ''))))
    .join('')
    .replace(/^\//, '\\/'); // a line of ours is never a command

/** A link to an http or https address; its label alone when the address is anything else. */
export const link = (label: string, address: string | undefined): string => {
  const url = address !== undefined && URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) return label;
  const target = url.href.replace(
    /[\\()|<>[\]*_`~@]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `[${label}](${target})`;
};

/** A block of foreign text that can't close its own fence. */
export const fenced = (text: string, language: string): string => {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${withoutComments(text).replace(/\n?$/, '\n')}${fence}`;
};

/** A folded section; `title` is Markdown's inline HTML and therefore ours alone. */
export const folded = (title: string, body: string): string =>
  `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;

export interface Table {
  readonly head: readonly string[];
  /** Cells as Markdown, made by `code`, `plain` or `link`. */
  readonly rows: readonly (readonly string[])[];
  /** Characters that it may take; rows beyond are counted. */
  readonly budget: number;
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

export const table = ({ head, rows, budget }: Table): string => {
  const lines = [row(head), row(head.map(() => '---'))];
  let room = budget - lines.join('\n').length;
  let shown = 0;
  for (const cells of rows) {
    const line = row(cells);
    room -= line.length + 1;
    if (room < 0) break;
    lines.push(line);
    shown += 1;
  }
  return shown === rows.length ? lines.join('\n') : `${lines.join('\n')}\n\n… and ${rows.length - shown} more.`;
};

/** Whole lines of a text that fit, and a line that says how many don't, and where they are. */
export const fitLines = (text: string, budget: number, rest = 'see the commit'): string => {
  if (text.length <= budget) return text;
  const cut = text.lastIndexOf('\n', Math.max(0, budget - 60));
  const kept = cut <= 0 ? '' : text.slice(0, cut + 1);
  const left = text.slice(kept.length).replace(/\n$/, '').split('\n').length;
  return `${kept}… ${left} more lines: ${rest}`;
};

/** `2026-11-30 10:04 UTC`: the same for every reader. `time`: RFC 3339. */
export const printMinute = (time: string): string => `${plain(time.slice(0, 16).replace('T', ' '))} UTC`;

/** `2026-11-30 10:04:05 UTC`, for what is measured against something else. `time`: RFC 3339. */
export const printSecond = (time: string): string => `${time.slice(0, 19).replace('T', ' ')} UTC`;

/** `1 object`, `2 objects` */
export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
