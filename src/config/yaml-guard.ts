import { CST, Lexer } from 'yaml';

/** What a file may have at most; bytes of UTF-8, levels, columns. */
export interface YamlLimits {
  readonly bytes: number;
  readonly depth: number;
  readonly indent: number;
}

/** 256 KiB, 64 levels, 256 columns. */
export const yamlLimits: YamlLimits = { bytes: 262_144, depth: 64, indent: 256 };

/** What the guard refuses, and where: characters from the start of the text. */
export interface GuardFinding {
  readonly offset: number;
  readonly message: string;
}

// YAML allows no others, and they would travel on into logs and variables
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

const refusedTokens: Readonly<Record<string, string>> = {
  alias: 'aliases (*name) are not allowed here',
  anchor: 'anchors (&name) are not allowed here',
  tag: 'tags (!name) are not allowed here',
  'directive-line': 'directives (%YAML, %TAG) are not allowed here',
};

/**
 * Looks at hostile text before the parser does. Deep nesting ends Node 20 and 22 as a whole (exit 134, nothing to catch), so
 * this stands in front of every parse. Linear; stops at what is too deep, collects the rest.
 */
export const guardYaml = (text: string, limits: YamlLimits = yamlLimits): readonly GuardFinding[] => {
  const bytes = Buffer.byteLength(text);
  if (bytes > limits.bytes) return [{ offset: 0, message: `the file is larger than ${limits.bytes} bytes (${bytes})` }];
  const at = control.exec(text);
  if (at !== null) return [{ offset: at.index, message: `the control character ${codePoint(at[0])} is not allowed` }];
  return scan(text, limits);
};

const codePoint = (character: string): string =>
  `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;

const openers = new Set(['seq-item-ind', 'explicit-key-ind', 'map-value-ind']);

const scan = (text: string, { depth, indent }: YamlLimits): readonly GuardFinding[] => {
  const findings: GuardFinding[] = [];
  const state = { offset: 0, flow: 0, opened: 0, lineStart: true, scalar: false };
  for (const source of new Lexer().lex(text)) {
    const type = state.scalar ? 'content' : CST.tokenType(source);
    state.scalar = type === 'scalar';
    if (type === 'scalar' || type === 'doc-mode' || type === 'flow-error-end') continue; // marks of the lexer, without width
    if (type === 'flow-map-start' || type === 'flow-seq-start') state.flow += 1;
    if (type === 'flow-map-end' || type === 'flow-seq-end') state.flow -= 1;
    if (state.flow <= 0 && type !== null && openers.has(type)) state.opened += 1;
    if (state.flow > depth || state.opened > depth)
      return [...findings, { offset: state.offset, message: `nested deeper than ${depth} levels` }];
    if (state.lineStart && type === 'space' && source.length > indent)
      return [...findings, { offset: state.offset, message: `indented more than ${indent} columns` }];
    const refused = type === null ? undefined : refusedTokens[type];
    if (refused !== undefined && findings.length < 20) findings.push({ offset: state.offset, message: refused });
    state.lineStart = type === 'newline';
    if (type === 'newline') state.opened = 0;
    state.offset += source.length;
  }
  return findings;
};
