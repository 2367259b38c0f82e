/**
 * The lines of a comment that its author says: neither quoted, nor code, nor hidden in an HTML comment. Commands are looked for in
 * these alone. Where renderers of Markdown could differ, a line is left out: both with HTML and without it, it has to be the author's.
 */
export const ownLines = (body: string): readonly string[] => {
  const shown = splitLines(masked(body));
  const asShown = spoken(shown);
  const asWritten = spoken(splitLines(body));
  return shown.filter((_, index) => asShown[index] === true && asWritten[index] === true);
};

const splitLines = (text: string): readonly string[] => text.split(/\r\n|\r|\n/);

/** All of it but the line ends, so that lines keep their numbers. */
const hide = (text: string): string => text.replace(/[^\r\n]+/g, '…');
const remove = (text: string): string => text.replace(/[^\r\n]+/g, '');

const tag = /<(\/?)(blockquote|cite|code|kbd|pre|q|samp|script|style|textarea|tt|var)\b(?:"[^"]*"|'[^']*'|[^'">])*>?/gi;

/** Without comments of HTML, and what its tags make a quote or code is hidden; what never ends goes on to the end. */
const masked = (body: string): string => {
  const text = body.replace(/<!--[\s\S]*?(?:-->|$)/g, remove);
  const open: string[] = [];
  let result = '';
  let from = 0;
  for (const { 0: found, 1: slash, 2: name = '', index } of text.matchAll(tag)) {
    const between = text.slice(from, index);
    result += (open.length > 0 ? hide(between) : between) + hide(found);
    from = index + found.length;
    if (slash === '') open.push(name.toLowerCase());
    else if (open.includes(name.toLowerCase())) open.splice(open.lastIndexOf(name.toLowerCase()), 1);
  }
  const rest = text.slice(from);
  return result + (open.length > 0 ? hide(rest) : rest);
};

type Kind = 'text' | 'indented' | 'apart';

/** For each line, whether it is text. */
const spoken = (lines: readonly string[]): readonly boolean[] => {
  const kinds = kindsOf(lines);
  const result = kinds.map((kind) => kind === 'text');
  const isText = (at: number): boolean => at < lines.length && kinds[at] !== 'apart' && lines[at]?.trim() !== '';
  for (let first = 0; first < lines.length; first += 1) {
    let end = first;
    while (isText(end)) end += 1;
    for (const within of linesInCode(lines.slice(first, end))) result[first + within] = false;
    first = Math.max(first, end);
  }
  return result;
};

const kindsOf = (lines: readonly string[]): readonly Kind[] => {
  let fence: Fence | undefined;
  let quoted = false;
  let listed = false;
  let lost = false;
  return lines.map((line) => {
    if (lost) return 'apart';
    if (fence !== undefined) {
      // a list that ends here ends its block, too, and the next fence would begin another: nobody could tell them apart
      lost = listed && line.trim() !== '' && indentOf(line) < fence.indent;
      if (isClosing(line, fence)) fence = undefined;
      return 'apart';
    }
    listed ||= item.test(line);
    fence = opening(line);
    // a quote goes on until an empty line, `>` or not
    quoted = line.trim() !== '' && (quoted || quote.test(line));
    if (fence !== undefined || quoted) return 'apart';
    return indented.test(line) ? 'indented' : 'text';
  });
};

interface Fence {
  readonly marks: string;
  /** Columns before it, with the markers of lists. */
  readonly indent: number;
}

const item = /^[ \t]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)/;
const quote = /^[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*>/;
const indented = /^(?: {4}| {0,3}\t)/;

const widthOf = (space: string): number => space.replaceAll('\t', '    ').length;
const indentOf = (line: string): number => widthOf(/^[ \t]*/.exec(line)?.[0] ?? '');

/** In a list, a block is indented by as much as its item is. After backticks no other backtick may follow: that would be code within a line. */
const opening = (line: string): Fence | undefined => {
  const found = /^([ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)(?:(`{3,})[^`]*|(~{3,}).*)$/.exec(line);
  if (found === null) return undefined;
  const [, before = '', ticks, tildes] = found;
  return { marks: ticks ?? tildes ?? '', indent: widthOf(before) };
};

/** Further in, it would be a line of the code. */
const isClosing = (line: string, { marks, indent }: Fence): boolean =>
  /^[ \t]*(`{3,}|~{3,})[ \t]*$/.exec(line)?.[1]?.startsWith(marks) === true && indentOf(line) <= Math.max(3, indent);

/** Numbers of the lines of a paragraph that begin within code; whether `\` keeps a backtick from beginning it depends on what is before. */
const linesInCode = (paragraph: readonly string[]): readonly number[] => {
  const text = paragraph.join('\n');
  const starts = paragraph.map((_, index) => paragraph.slice(0, index).join('\n').length + (index === 0 ? 0 : 1));
  const spans = [...spansOf(text, true), ...spansOf(text, false)];
  return starts.flatMap((start, index) => (spans.some(([from, to]) => from < start && start < to) ? [index] : []));
};

/** From a run of backticks to the next one of the same length. */
const spansOf = (text: string, withEscapes: boolean): readonly (readonly [from: number, to: number])[] => {
  const runs = [...text.matchAll(/(\\*)(`+)/g)].map(({ 1: slashes = '', 2: ticks = '', index }) => ({
    at: index + slashes.length,
    length: ticks.length,
    opens: ticks.length - (withEscapes ? slashes.length % 2 : 0),
  }));
  const spans: (readonly [number, number])[] = [];
  for (let index = 0; index < runs.length; index += 1) {
    const run = runs[index];
    const end = runs.findIndex(({ length }, other) => other > index && length === run?.opens);
    const last = runs[end];
    if (run === undefined || last === undefined) continue;
    spans.push([run.at, last.at]);
    index = end;
  }
  return spans;
};
