import { type Question, unreadable } from './failure.js';

/** Reads fields of an answer by path, e.g. `head.repo.id`, and throws where the answer isn't what it should be. */
export interface Answer {
  readonly text: (path: string) => string;
  readonly number: (path: string) => number;
  readonly flag: (path: string) => boolean;
  readonly list: (path: string) => readonly Answer[];
  /** Undefined: null or absent. */
  readonly maybe: (path: string) => Answer | undefined;
  /** Whether the value itself is text, a list … */
  readonly value: unknown;
}

/** A cut body reaches us as text or nothing, whatever its status: so each field is checked before it is used. */
export const answerOf = (value: unknown, question: Question): Answer => {
  const need = <Value>(path: string, is: (found: unknown) => found is Value): Value => {
    const found = at(value, path);
    if (!is(found)) throw unreadable(question, `"${path}" is missing or of another type`);
    return found;
  };
  return {
    value,
    text: (path) => need(path, isText),
    number: (path) => need(path, isNumber),
    flag: (path) => need(path, isFlag),
    list: (path) => need(path, isList).map((entry) => answerOf(entry, question)),
    maybe: (path) => {
      const found = at(value, path);
      return found === undefined || found === null ? undefined : answerOf(found, question);
    },
  };
};

/** Mints a branded value of what GitHub said; a refusal is GitHub's mistake and not the user's. */
export const minted = <Value>(make: () => Value, question: Question): Value => {
  try {
    return make();
  } catch (error) {
    throw unreadable(question, error instanceof Error ? error.message : 'a value is malformed');
  }
};

const at = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((found, key) => (isObject(found) ? found[key] : undefined), value);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value);
const isFlag = (value: unknown): value is boolean => typeof value === 'boolean';
export const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
