import { type BivouacError, userError } from '../model/errors.js';

/** One problem of a configuration file, at its place. */
export interface ConfigIssue {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** `applications.shop.repositories[1]`; empty: the file as a whole. */
  readonly path: string;
  readonly message: string;
  readonly remedy?: string;
}

/** A problem before it has a place: what a rule answers. */
export interface Problem {
  readonly message: string;
  readonly remedy?: string;
}

/** A problem with the path it is about; `key` points at the key itself and not at its value. */
export interface Finding extends Problem {
  readonly path: readonly PropertyKey[];
  readonly part?: 'key' | 'value';
}

/** `bivouac.yaml:4:3 domain: … Write …` */
export const printIssue = ({ file, line, column, path, message, remedy }: ConfigIssue): string =>
  `${file}:${line}:${column} ${path === '' ? '' : `${path}: `}${message}${remedy === undefined ? '' : ` ${remedy}`}`;

/** `applications.shop.repositories[1]` */
export const printPath = (path: readonly PropertyKey[]): string =>
  path
    .map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i === 0 ? '' : '.'}${cut(String(part))}`))
    .join('');

/** What is shown of a text from outside: one line, at most 60 characters. */
export const quote = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 59)}…` : text);

const cut = (text: string): string => (/^[\w.$/-]{1,60}$/.test(text) ? text : quote(text));

/** All problems as one UserError, in the order of the file; `data.issues` has them as `ConfigIssue[]`. */
export const invalid = (code: string, issues: readonly ConfigIssue[]): BivouacError => {
  const sorted = [...issues].sort(
    (a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.line - b.line || a.column - b.column,
  );
  const first = sorted[0];
  const count = sorted.length === 1 ? 'one problem' : `${sorted.length} problems`;
  return userError(code, `The configuration has ${count}:\n${sorted.map(printIssue).join('\n')}`, {
    ...(first !== undefined && { where: `${first.file}:${first.line}:${first.column}` }),
    remedy:
      sorted.length === 1 && first?.remedy !== undefined ? first.remedy : 'Correct these places and run it again.',
    data: { issues: sorted },
  });
};
