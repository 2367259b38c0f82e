/** Sorted by code unit, each once. */
export const sortedUnique = <Text extends string>(texts: Iterable<Text>): readonly Text[] => [...new Set(texts)].sort();

/** The same entries with sorted keys, so that the order of configuration and files can't show. */
export const sortedByKey = (record: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
