import { type PlacedEntry } from '../metadata.js';
import { quote } from '../pointer.js';
import type { Rule } from '../rule.js';

const name = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const prefix = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const annotationLimit = 256 * 1024;

/** Refuses keys and values outside the grammar, annotations over 256 KiB: the API server refuses them. */
export const validLabels: Rule = {
  name: 'valid-labels',
  *object(object) {
    for (const entry of object.entries) {
      const message = problemOf(entry);
      if (message !== undefined)
        yield {
          field: entry.field,
          message,
          remedy:
            'Keys are [prefix/]name; a label’s value has at most 63 letters, digits, dashes, dots and underscores.',
        };
    }
    for (const { metadata, field } of object.metadata)
      if (sizeOf(metadata.annotations ?? {}) > annotationLimit)
        yield {
          field: `${field}/annotations`,
          message: 'its annotations are larger than 256 KiB',
          remedy: 'Keep data in a ConfigMap.',
        };
  },
};

const problemOf = ({ key, value, in: list }: PlacedEntry): string | undefined => {
  if (!isKey(key)) return `${quote(key)} is no key of a label or annotation`;
  const isValue = value === '' || (value.length <= 63 && name.test(value));
  return list === 'annotations' || isValue ? undefined : `${quote(value)} is no value of a label`;
};

const isKey = (key: string): boolean => {
  const [first = '', second, ...rest] = key.split('/');
  const [domain, last] = second === undefined ? [undefined, first] : [first, second];
  const isDomain = domain === undefined || (domain.length <= 253 && prefix.test(domain));
  return rest.length === 0 && isDomain && last.length <= 63 && name.test(last);
};

const encoder = new TextEncoder();
const sizeOf = (map: Readonly<Record<string, string | null | undefined>>): number => {
  const text = Object.entries(map).flat().join('');
  return text.length * 3 <= annotationLimit ? text.length : encoder.encode(text).length; // nearly always the cheap way
};
