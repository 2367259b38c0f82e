import { type Asked, unreadable } from './failure.js';

/** Reads fields of an answer by path, e.g. `head.repo.id` (empty: the answer itself), and throws where the answer isn't what it should be. */
export interface Answer {
  readonly text: (path: string) => string;
  readonly number: (path: string) => number;
  readonly flag: (path: string) => boolean;
  readonly list: (path: string) => readonly Answer[];
  /** Undefined: null or absent. */
  readonly maybe: (path: string) => Answer | undefined;
  readonly asked: Asked;
  /** Whether the value itself is text, a list … */
  readonly value: unknown;
}

/** A cut body reaches us as text or nothing, whatever its status: so each field is checked before it is used. */
export const answerOf = (value: unknown, asked: Asked): Answer => {
  const need = <Value>(path: string, is: (found: unknown) => found is Value): Value => {
    const found = at(value, path);
    if (!is(found)) throw unreadable(asked, `"${path}" is missing or of another type`);
    return found;
  };
  return {
    value,
    asked,
    text: (path) => need(path, isText),
    number: (path) => need(path, isNumber),
    flag: (path) => need(path, isFlag),
    list: (path) => need(path, isList).map((entry) => answerOf(entry, asked)),
    maybe: (path) => {
      const found = at(value, path);
      return found === undefined || found === null ? undefined : answerOf(found, asked);
    },
  };
};

/** Mints a branded value of what the code host said; a refusal is its mistake and not the user's. */
export const minted = <Value>(make: () => Value, asked: Asked): Value => {
  try {
    return make();
  } catch (error) {
    throw unreadable(asked, error instanceof Error ? error.message : 'a value is malformed');
  }
};

const at = (value: unknown, path: string): unknown =>
  (path === '' ? [] : path.split('.')).reduce<unknown>(
    (found, key) => (isObject(found) ? found[key] : undefined),
    value,
  );

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value);
const isFlag = (value: unknown): value is boolean => typeof value === 'boolean';
export const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
