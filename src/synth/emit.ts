import { userError } from '../model/errors.js';
import { isMap } from './views.js';

/** What sends a whole document to the definition, since its bytes depend on more than the value. */
export type SlowReason = 'not plain data' | 'number' | 'document marker' | 'multi-line text' | 'key';

/** Writes one scalar as the definition does. */
export interface Definition {
  key(text: string): string | undefined;
  value(text: string): string | undefined;
}

export type Emitted = { readonly text: string } | { readonly slow: SlowReason };

const plain = /^[A-Za-z/](?:[A-Za-z0-9_./@+-]|[: ](?=[A-Za-z0-9_./@+-]))*$/;
const reserved = /^(?:y|n|yes|no|true|false|on|off|null|e[0-9]+)$/i;
const decimal = /^[0-9]+$/;
/** The definition's own test; like it, `m` takes U+2028, U+2029 and a carriage return for the end of a line. */
const documentMarker = /^(?:%|---|\.\.\.)/m;
const printable = /^[\x20-\x7e]*$/;
/** A longer key is written with `?`. */
const longestKey = 200;

/**
 * The fast path to the definition's bytes for one document: a narrow class of values is printed here, a one-line scalar outside of
 * it is asked for, and everything else is reported as slow. No attempt is made to repeat the definition's quoting rules.
 * @throws UserError InvalidManifest for a key `__proto__`
 */
export const emit = (document: unknown, definition: Definition): Emitted => {
  if (!isPlainMap(document) || Object.keys(document).length === 0) return { slow: 'not plain data' };
  const out: Out = { text: '', definition };
  writeEntries(out, document, { indent: '', inline: false });
  return out.slow === undefined ? { text: out.text } : { slow: out.slow };
};

interface Out {
  text: string;
  slow?: SlowReason;
  readonly definition: Definition;
}

interface Place {
  readonly indent: string;
  /** The first line goes on behind a dash. */
  readonly inline: boolean;
}

const isPlainMap = (value: unknown): value is Readonly<Record<string, unknown>> => {
  if (!isMap(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

const writeEntries = (out: Out, map: Readonly<Record<string, unknown>>, { indent, inline }: Place): void => {
  let lead = inline ? '' : indent;
  for (const key of Object.keys(map)) {
    out.text += `${lead}${keyText(out, key)}:`;
    writeValue(out, map[key], { indent: `${indent}  `, inline: false });
    if (out.slow !== undefined) return;
    lead = indent;
  }
};

const writeItems = (out: Out, list: readonly unknown[], { indent, inline }: Place): void => {
  let lead = inline ? '' : indent;
  for (const item of list) {
    out.text += `${lead}-`;
    writeValue(out, item, { indent: `${indent}  `, inline: true });
    if (out.slow !== undefined) return;
    lead = indent;
  }
};

const writeValue = (out: Out, value: unknown, place: Place): void => {
  if (typeof value === 'string') out.text += ` ${stringText(out, value, place.indent)}\n`;
  else if (typeof value === 'boolean' || value === null) out.text += ` ${value}\n`;
  else if (typeof value === 'number') out.text += ` ${numberText(out, value)}\n`;
  else if (Array.isArray(value)) writeCollection(out, value.length === 0 ? '[]' : value, place);
  else if (isPlainMap(value)) writeCollection(out, Object.keys(value).length === 0 ? '{}' : value, place);
  else out.slow = 'not plain data';
};

type Collection = '[]' | '{}' | readonly unknown[] | Readonly<Record<string, unknown>>;

const writeCollection = (out: Out, value: Collection, place: Place): void => {
  if (typeof value === 'string') {
    out.text += ` ${value}\n`;
    return;
  }
  out.text += place.inline ? ' ' : '\n';
  if (Array.isArray(value)) writeItems(out, value as readonly unknown[], place);
  else writeEntries(out, value as Readonly<Record<string, unknown>>, place);
};

const slow = (out: Out, reason: SlowReason): string => {
  out.slow = reason;
  return '';
};

const numberText = (out: Out, value: number): string =>
  Number.isSafeInteger(value) && !Object.is(value, -0) ? String(value) : slow(out, 'number');

const keyText = (out: Out, key: string): string => {
  if (key === '__proto__')
    throw userError('InvalidManifest', 'a manifest has a key "__proto__"', { remedy: 'Take the key out.' });
  if (plain.test(key) && !reserved.test(key) && key.length <= longestKey) return key;
  if (key.length > longestKey || key.includes('\n')) return slow(out, 'key');
  if (documentMarker.test(key)) return slow(out, 'document marker');
  return out.definition.key(key) ?? slow(out, 'key');
};

const stringText = (out: Out, text: string, indent: string): string => {
  if (plain.test(text) && !reserved.test(text)) return text;
  if (decimal.test(text)) return `"${text}"`;
  if (documentMarker.test(text)) return slow(out, 'document marker');
  if (text.includes('\n')) return blockText(text, indent) ?? slow(out, 'multi-line text');
  return out.definition.value(text) ?? slow(out, 'multi-line text');
};

/** A literal block; undefined outside of the class whose header and white space are certain. */
const blockText = (text: string, indent: string): string | undefined => {
  const ended = text.endsWith('\n');
  const lines = (ended ? text.slice(0, -1) : text).split('\n');
  const certain =
    /^[\x21-\x7e]/.test(text) &&
    lines.every((line, index) => printable.test(line) && (index === 0 || !line.endsWith(' '))) &&
    lines[lines.length - 1] !== '';
  if (!certain) return undefined;
  const body = lines.map((line) => (line === '' ? '' : `${indent}${line}`)).join('\n');
  return `${ended ? '|' : '|-'}\n${body}`;
};
