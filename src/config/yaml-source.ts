import {
  type Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseAllDocuments,
  visit,
} from 'yaml';
import { type ConfigIssue, printPath, quote, type Finding } from './issue.js';
import { guardYaml, type YamlLimits, yamlLimits } from './yaml-guard.js';

/** One document as plain data, and where everything in it lies. */
export interface YamlSource {
  readonly value: unknown;
  /** The text as it was typed, e.g. `012`; undefined where there is no scalar. */
  typed(path: readonly PropertyKey[]): string | undefined;
  /** A finding with its place: of the value, of its key, or of the nearest parent that exists. */
  locate(finding: Finding): ConfigIssue;
}

export type YamlReading =
  | { readonly kind: 'documents'; readonly documents: readonly YamlSource[] }
  | { readonly kind: 'issues'; readonly issues: readonly ConfigIssue[] };

export interface YamlReadOptions {
  readonly file: string;
  readonly limits?: YamlLimits;
  /** @default 'one' */
  readonly documents?: 'one' | 'many';
}

/** Text from outside as data, or everything that is wrong with it as YAML. Never throws. */
export const readYaml = (
  text: string,
  { file, limits = yamlLimits, documents = 'one' }: YamlReadOptions,
): YamlReading => {
  const lines = new LineCounter();
  const issue = (offset: number, message: string, remedy?: string): ConfigIssue => {
    const { line, col } = lines.linePos(offset);
    const sentence = message.endsWith('.') ? message : `${message}.`;
    const place = { file, line: Math.max(1, line), column: Math.max(1, col), path: '' };
    return { ...place, message: sentence, ...(remedy !== undefined && { remedy }) };
  };
  const guarded = guardYaml(text, limits);
  if (guarded.length > 0) {
    countLines(text, lines);
    return { kind: 'issues', issues: guarded.map(({ offset, message }) => issue(offset, message)) };
  }
  const parsed = parseAllDocuments(text, {
    lineCounter: lines,
    uniqueKeys: true,
    prettyErrors: false,
    version: '1.2',
    schema: 'core',
    logLevel: 'silent',
  });
  const found: readonly Document.Parsed[] = Array.isArray(parsed) ? parsed : [];
  if (documents === 'one' && found.length > 1)
    return {
      kind: 'issues',
      issues: [issue(found[1]?.range[0] ?? 0, `one document was expected, found ${found.length}`, 'Remove the rest.')],
    };
  const issues = found.flatMap((document) => [
    ...[...document.errors, ...document.warnings].map((e) => syntaxIssue(document, e, issue)),
    ...badKeys(document).map(({ offset, message, remedy }) => issue(offset, message, remedy)),
  ]);
  if (issues.length > 0) return { kind: 'issues', issues };
  return { kind: 'documents', documents: found.map((document) => sourceOf(document, { file, lines })) };
};

const countLines = (text: string, lines: LineCounter): void => {
  lines.addNewLine(0);
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
};

type MakeIssue = (offset: number, message: string, remedy?: string) => ConfigIssue;

const syntaxIssue = (
  document: Document.Parsed,
  error: { code: string; message: string; pos: [number, number] },
  issue: MakeIssue,
): ConfigIssue => {
  if (error.code !== 'DUPLICATE_KEY') return issue(error.pos[0], error.message.split('\n')[0] ?? error.code);
  const twin = firstTwin(document, error.pos[0]);
  const { line, column } = issue(twin?.offset ?? error.pos[0], '');
  return issue(
    error.pos[0],
    `the key ${twin === undefined ? '' : `${quote(twin.key)} `}is there twice, first at ${line}:${column}`,
    'Remove one of them.',
  );
};

/** The first key of the same text in the mapping whose key at `offset` is a repetition. */
const firstTwin = (document: Document.Parsed, offset: number): { key: string; offset: number } | undefined => {
  let twin: { key: string; offset: number } | undefined;
  visit(document, {
    Map: (_, map) => {
      const repeated = map.items.find(({ key }) => isNode(key) && key.range?.[0] === offset);
      if (repeated === undefined) return undefined;
      const key = keyText(repeated) ?? '';
      const first = map.items.find((pair) => keyText(pair) === key);
      if (first !== undefined && isNode(first.key)) twin = { key, offset: first.key.range?.[0] ?? 0 };
      return visit.BREAK;
    },
  });
  return twin;
};

const keyText = ({ key }: Pair): string | undefined => (isScalar(key) ? String(key.value) : undefined);

/** Names that every object inherits: looking them up in plain data finds something that nobody wrote. */
const inherited = new Set(Object.getOwnPropertyNames(Object.prototype).concat('prototype'));

const badKeys = (document: Document.Parsed): readonly { offset: number; message: string; remedy?: string }[] => {
  const bad: { offset: number; message: string; remedy?: string }[] = [];
  visit(document, {
    Pair: (_, { key, value }) => {
      const offset = isNode(key) && key.range ? key.range[0] : isNode(value) && value.range ? value.range[0] : 0;
      const name: unknown = isScalar(key) ? key.value : key;
      if (typeof name !== 'string')
        bad.push({
          offset,
          message: 'a key must be text',
          remedy: 'Write a word before the colon, in quotes if it looks like a number.',
        });
      else if (name === '<<') bad.push({ offset, message: 'merge keys (<<) are not allowed here' });
      else if (inherited.has(name)) bad.push({ offset, message: `the key ${quote(name)} is not allowed` });
    },
  });
  return bad;
};

const sourceOf = (document: Document.Parsed, { file, lines }: { file: string; lines: LineCounter }): YamlSource => ({
  value: document.toJS({ maxAliasCount: 0 }),
  typed: (path) => {
    const { node, complete } = follow(document, path);
    return complete && isScalar(node) ? node.source : undefined;
  },
  locate: ({ path, part = 'value', message, remedy }) => {
    const { node, key, complete } = follow(document, path);
    // a missing key is reported at its parent's, an unknown one at its own
    const target = part === 'key' || !complete ? (key ?? node) : (node ?? key);
    const { line, col } = lines.linePos(target?.range?.[0] ?? 0);
    return {
      file,
      line: Math.max(1, line),
      column: Math.max(1, col),
      path: printPath(path),
      message,
      ...(remedy !== undefined && { remedy }),
    };
  },
});

interface Followed {
  readonly node: Node | undefined;
  /** The key in front of `node`, or the node itself in a list. */
  readonly key: Node | undefined;
  /** Whether the whole path exists. */
  readonly complete: boolean;
}

const nodeOf = (value: unknown): Node | undefined => (isNode(value) ? value : undefined);

const follow = (document: Document.Parsed, path: readonly PropertyKey[]): Followed => {
  let node = nodeOf(document.contents);
  let key: Node | undefined;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => keyText(item) === String(part));
      if (pair === undefined) return { node, key, complete: false };
      key = nodeOf(pair.key);
      node = nodeOf(pair.value);
    } else if (isSeq(node) && typeof part === 'number' && node.items[part] !== undefined) {
      node = nodeOf(node.items[part]);
      key = node;
    } else return { node, key, complete: false };
  }
  return { node, key, complete: true };
};
