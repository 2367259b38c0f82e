import { below } from './pointer.js';

/** A string somewhere in an object: a value, or a key of a map. */
export interface PlacedText {
  readonly text: string;
  readonly field: string;
}

/** Every string of plain data whose depth is checked. */
export const textsOf = (value: unknown): readonly PlacedText[] => {
  const texts: PlacedText[] = [];
  collect(value, '', texts);
  return texts;
};

const collect = (value: unknown, field: string, texts: PlacedText[]): void => {
  if (typeof value === 'string') texts.push({ text: value, field });
  else if (Array.isArray(value)) value.forEach((entry, index) => collect(entry, `${field}/${index}`, texts));
  else if (typeof value === 'object' && value !== null)
    for (const [key, entry] of Object.entries(value)) {
      const place = below(field, key);
      texts.push({ text: key, field: place });
      collect(entry, place, texts);
    }
};
