/** One thing that was compared with what is expected. */
export interface Notice {
  /** What was looked at, e.g. `AppProject`. */
  readonly check: string;
  /** `skipped`: it couldn't be read, and the text says why; never counted as right. */
  readonly status: 'ok' | 'problem' | 'skipped';
  readonly text: string;
  readonly remedy?: string;
}

export const notice = {
  ok: (check: string, text: string): Notice => ({ check, status: 'ok', text }),
  skipped: (check: string, text: string): Notice => ({ check, status: 'skipped', text }),
  problem: (check: string, text: string, remedy: string): Notice => ({ check, status: 'problem', text, remedy }),
};

/** An object as somebody else's server shows it: nothing in it is taken for granted. */
export type Loose = Readonly<Record<string, unknown>>;

/** What could be read, undefined where it isn't there; or why it couldn't. */
export type Reading<Value> = { readonly value: Value | undefined } | { readonly unread: string };

/** The value at a path of keys and places; undefined: it isn't there. */
export const valueAt = (object: unknown, path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[key] : undefined,
    object,
  );

export const listAt = (object: unknown, path: readonly (string | number)[]): readonly unknown[] => {
  const value = valueAt(object, path);
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
};

export const textAt = (object: unknown, path: readonly (string | number)[]): string => {
  const value = valueAt(object, path);
  return typeof value === 'string' ? value : '';
};
