import { below, stepInto } from './pointer.js';

/**
 * JSON pointer of a field as an API server names it: `spec.ports[0].port`, `spec.limits[cpu]`, or with the keys of a list's item,
 * `.spec.containers[name="api"].imag`. The object itself tells where a key with dots ends and which item is meant.
 */
export const pointerOf = (path: string, object: unknown): string => {
  let rest = path.replace(/^\./, '');
  let here: unknown = object;
  let field = '';
  while (rest !== '') {
    const step = rest.startsWith('[') ? bracketIn(rest, here) : keyIn(rest, here);
    field = below(field, step.key);
    here = stepInto(here, step.key);
    rest = rest.slice(step.length).replace(/^\./, '');
  }
  return field;
};

interface Step {
  readonly key: string | number;
  /** Of its text. */
  readonly length: number;
}

/** The longest key of the object that the text begins with: labels hold dots. */
const keyIn = (text: string, here: unknown): Step => {
  const keys = typeof here === 'object' && here !== null ? Object.keys(here) : [];
  const known = keys.filter((key) => text.startsWith(key) && /^(?:[.[]|$)/.test(text.slice(key.length)));
  const key = known.sort((a, b) => b.length - a.length)[0] ?? /^[^.[]+/.exec(text)?.[0] ?? text;
  return { key, length: key.length };
};

const bracketIn = (text: string, here: unknown): Step => {
  const whole = /^\[((?:"(?:[^"\\]|\\.)*"|[^\]"])*)\]/.exec(text);
  const inside = whole?.[1] ?? text.slice(1);
  const length = whole?.[0].length ?? text.length;
  if (/^\d+$/.test(inside)) return { key: Number(inside), length };
  const index = Array.isArray(here) ? here.findIndex((item) => matches(item, keysIn(inside))) : -1;
  return { key: index < 0 ? inside.replace(/^"(.*)"$/, '$1') : index, length };
};

const keysIn = (text: string): readonly (readonly [key: string, value: string])[] =>
  [...text.matchAll(/(\w+)=("(?:[^"\\]|\\.)*"|[^,]+)/g)].map(([, key = '', value = '']) => [key, value]);

/** A key that the item lacks has its default there: `protocol="TCP"`. */
const matches = (item: unknown, keys: readonly (readonly [string, string])[]): boolean =>
  keys.length > 0 &&
  keys.every(([key, value]) => {
    const held = stepInto(item, key);
    return held === undefined || JSON.stringify(held) === value;
  });
