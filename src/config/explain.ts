import * as z from 'zod';
import { nearest } from '../model/nearest.js';
import { durationProblem } from './duration.js';
import { type Finding, quote } from './issue.js';
import type { YamlSource } from './yaml-source.js';

type ZodIssue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** What zod found, in our words, one finding a problem. */
export const explain = (issues: readonly ZodIssue[], source: YamlSource, schema: z.ZodType): readonly Finding[] =>
  issues.flatMap((issue) => findingsOf(issue, { at: [], source, schema }));

interface Context {
  readonly at: Path;
  readonly source: YamlSource;
  readonly schema: z.ZodType;
}

const findingsOf = (issue: ZodIssue, context: Context): readonly Finding[] => {
  const path = [...context.at, ...issue.path];
  const found = valueAt(context.source.value, path);
  const bound = (text: string, count: number | bigint): readonly Finding[] => {
    const unit = !Array.isArray(found) ? '' : count === 1 ? ' entry' : ' entries';
    return [{ path, message: `${text} ${count}${unit} expected, found ${describe(found)}.` }];
  };
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...path, key], context.schema));
  if (issue.code === 'invalid_type') return [wrongType(path, [issue.expected], context.source)];
  if (issue.code === 'invalid_union') return unionFindings(issue, { ...context, at: path });
  if (issue.code === 'invalid_value') return [wrongValue(path, issue.values.map(String), context.source)];
  if (issue.code === 'too_small') return bound('at least', issue.minimum);
  if (issue.code === 'too_big') return bound('at most', issue.maximum);
  return [{ path, message: issue.message, ...remedyOf(issue) }];
};

const remedyOf = (issue: ZodIssue): { remedy?: string } => {
  const remedy: unknown = issue.code === 'custom' ? issue.params?.['remedy'] : undefined;
  return typeof remedy === 'string' ? { remedy } : {};
};

const unknownKey = (path: Path, schema: z.ZodType): Finding => {
  const key = String(path.at(-1));
  const known = keysAt(z.toJSONSchema(schema, { io: 'input' }), path.slice(0, -1));
  const near = nearest(key, known);
  const remedy = near === undefined ? `Known here: ${known.join(', ')}.` : `Did you mean ${quote(near)}?`;
  return { path, part: 'key', message: 'unknown key.', remedy };
};

/** The keys that a place allows, read from the schema that editors get. */
const keysAt = (schema: unknown, path: Path): readonly string[] => {
  const [part, ...rest] = path;
  if (!isRecord(schema)) return [];
  if (Array.isArray(schema['anyOf'])) return schema['anyOf'].flatMap((branch) => keysAt(branch, path));
  const properties = isRecord(schema['properties']) ? schema['properties'] : {};
  if (part === undefined) return Object.keys(properties).filter((key) => key !== '$schema');
  const next: unknown =
    typeof part === 'number' ? schema['items'] : (properties[String(part)] ?? schema['additionalProperties']);
  return keysAt(next, rest);
};

/** Of a union the branch that was meant: the one whose kind of value it is. */
const unionFindings = (issue: Extract<ZodIssue, { code: 'invalid_union' }>, context: Context): readonly Finding[] => {
  const atRoot = (inner: ZodIssue): boolean => inner.code === 'invalid_type' && inner.path.length === 0;
  const meant = issue.errors.filter((branch) => !branch.some(atRoot)).at(-1);
  if (meant !== undefined) return meant.flatMap((inner) => findingsOf(inner, context));
  const expected = issue.errors.flat().flatMap((inner) => (inner.code === 'invalid_type' ? [inner.expected] : []));
  return [wrongType(context.at, expected, context.source)];
};

const wrongType = (path: Path, expected: readonly string[], source: YamlSource): Finding => {
  const found = valueAt(source.value, path);
  const what = expected.map((name) => names[name] ?? name).filter((name, i, all) => all.indexOf(name) === i);
  if (found === undefined)
    return { path, message: `this key is missing: ${what.join(' or ')}.`, remedy: 'Add it, or correct its name.' };
  return {
    path,
    message: `${what.join(' or ')} was expected, found ${describe(found)}.`,
    ...quoting(path, expected, source),
  };
};

const quoting = (path: Path, expected: readonly string[], source: YamlSource): { remedy?: string } => {
  const found = valueAt(source.value, path);
  const isScalar = ['string', 'number', 'boolean'].includes(typeof found);
  if (expected.every((name) => name === 'array'))
    return isScalar ? { remedy: `Write it as a list: [${source.typed(path) ?? String(found)}].` } : {};
  const wantsText =
    expected.includes('string') && !expected.some((name) => ['number', 'int', 'boolean'].includes(name));
  if (!wantsText || (typeof found !== 'number' && typeof found !== 'boolean')) return {};
  const remedy = path.at(-1) === 'lifetime' ? durationProblem(String(found))?.remedy : undefined;
  if (remedy !== undefined) return { remedy };
  return { remedy: `Quote it: "${source.typed(path) ?? String(found)}".` };
};

const wrongValue = (path: Path, allowed: readonly string[], source: YamlSource): Finding => {
  const found = valueAt(source.value, path);
  if (found === undefined) return { path, message: 'this key is missing.', remedy: `Add it: ${allowed.join(' or ')}.` };
  const near = typeof found === 'string' ? nearest(found, allowed) : undefined;
  const remedy = near === undefined || near === found ? {} : { remedy: `Did you mean ${quote(near)}?` };
  return { path, message: `${allowed.join(' or ')} was expected, found ${describe(found)}.`, ...remedy };
};

const names: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
};

/** A value in a few words, never longer than a line. */
export const describe = (value: unknown): string => {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'string') return quote(value);
  return typeof value === 'number' || typeof value === 'boolean' ? `the ${typeof value} ${value}` : typeof value;
};

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (at, part) =>
      Array.isArray(at) && typeof part === 'number'
        ? at[part]
        : isRecord(at) && Object.hasOwn(at, part)
          ? at[String(part)]
          : undefined,
    value,
  );
