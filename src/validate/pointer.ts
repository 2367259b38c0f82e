/** One step of a JSON pointer further down (RFC 6901). */
export const below = (field: string, key: string | number): string =>
  `${field}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** The value at one step; undefined where it leads nowhere. */
export const stepInto = (value: unknown, key: string | number): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;

/** The steps of a JSON pointer. */
export const stepsOf = (field: string): readonly string[] =>
  field
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
