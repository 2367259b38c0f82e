/**
 * The lines of a comment that its author says: neither quoted, nor code, nor hidden in an HTML comment. Commands are looked for in
 * these alone.
 */
export const ownLines = (body: string): readonly string[] => {
  const found: string[] = [];
  let fence: string | undefined;
  let quoted = false;
  for (const line of shown(body).split(/\r\n|\r|\n/)) {
    if (fence !== undefined) {
      if (closing(line)?.startsWith(fence) === true) fence = undefined;
      continue;
    }
    fence = opening(line);
    // a quote goes on until an empty line, `>` or not
    quoted = line.trim() !== '' && (quoted || /^ {0,3}>/.test(line));
    if (fence === undefined && !quoted && !indented.test(line)) found.push(line);
  }
  return found;
};

const shown = (body: string): string =>
  body.replace(/<!--[\s\S]*?(?:-->|$)/g, '').replace(/<(pre|code)\b[\s\S]*?(?:<\/\1>|$)/gi, '…');

const indented = /^(?: {4}| {0,3}\t)/;

/** After backticks no other backtick may follow: that would be code within a line. */
const opening = (line: string): string | undefined => {
  const [, ticks, tildes] = /^ {0,3}(?:(`{3,})[^`]*|(~{3,}).*)$/.exec(line) ?? [];
  return ticks ?? tildes;
};
const closing = (line: string): string | undefined => /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line)?.[1];
