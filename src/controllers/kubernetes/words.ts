/** Longest message of a cause, in characters. */
const limit = 500;

/** One line, without control characters and without what counts attempts, cut where it is too long to read. */
export const cut = (text: string): string => {
  const line = text
    .replace(/\p{C}+/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^\(combined from similar events\): /, '')
    .replace(/ \(retried \d+ times?\)\.?$/, '')
    .replace(/\.? Retrying attempt #\d+ at \S+$/, '')
    .trim();
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
};
