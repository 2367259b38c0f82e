import { descriptionLimit } from './port.js';

/** One plain line, as long as code hosts show it. */
export const describe = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').replace(/\p{C}/gu, '').trim();
  if (line.length <= descriptionLimit) return line;
  // never half of a surrogate pair
  return `${line.slice(0, descriptionLimit - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
};
