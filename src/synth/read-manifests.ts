import { Lexer, parseAllDocuments } from 'yaml';
import type { Manifest } from '../model/manifest.js';
import { at, isMap } from './views.js';

const largest = 1_048_576;
const deepest = 64;

/**
 * The objects of a file as Git holds it, read as it was written (YAML 1.1). Empty for a file that isn't ours to understand: too
 * large, too deep (which aborts Node, uncatchably), broken.
 */
export const readManifests = (text: string): readonly Manifest[] => {
  if (text.length > largest || isDeep(text)) return [];
  const documents = parseAllDocuments(text, { version: '1.1', uniqueKeys: true });
  if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) return [];
  return documents.map((document) => readPlain(document)).filter(isManifest);
};

const readPlain = (document: { toJS(options: { maxAliasCount: number }): unknown }): unknown => {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch {
    return undefined; // an alias: we write none
  }
};

const isManifest = (value: unknown): value is Manifest =>
  isMap(value) &&
  typeof value.apiVersion === 'string' &&
  typeof value.kind === 'string' &&
  typeof at(value, 'metadata', 'name') === 'string';

const isDeep = (text: string): boolean => {
  if (/^ {200}/m.test(text) && /^ {200,}[-?\w"']/m.test(text)) return true;
  if (/^(?:\s*[-?]\s){64}/m.test(text)) return true;
  let flow = 0;
  for (const token of new Lexer().lex(text)) {
    if (token === '[' || token === '{') {
      if (++flow > deepest) return true;
    } else if (token === ']' || token === '}') flow--;
  }
  return false;
};
