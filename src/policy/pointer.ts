/** JSON pointer of a path (RFC 6901). */
export const pointer = (...path: readonly (string | number)[]): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** One step further down; most keys need no escaping. */
export const below = (field: string, key: string): string =>
  key.includes('/') || key.includes('~') ? field + pointer(key) : `${field}/${key}`;

/** Text from a chart inside a message: one line, at most 60 characters. */
export const quote = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 59)}…` : text);

/** Any value inside a message. */
export const show = (value: unknown): string =>
  typeof value === 'string' ? quote(value) : quote(JSON.stringify(value) ?? 'nothing').slice(1, -1);
