import type { Manifest } from '../model/manifest.js';

/** What lies at a path of plain data; undefined where anything on the way is missing or has another shape. */
export const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, key) => (isMap(inner) ? inner[key] : undefined), value);

export const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const listAt = (value: unknown, ...path: readonly string[]): readonly unknown[] => {
  const found = at(value, ...path);
  return Array.isArray(found) ? (found as readonly unknown[]) : [];
};

export const textAt = (value: unknown, ...path: readonly string[]): string | undefined => {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : undefined;
};

/** Labels, selectors: the entries that are text. */
export const textsAt = (value: unknown, ...path: readonly string[]): Readonly<Record<string, string>> => {
  const found = at(value, ...path);
  return isMap(found)
    ? Object.fromEntries(
        Object.entries(found).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
      )
    : {};
};

/** The template that a workload's pods are made from. */
export const podTemplateOf = (manifest: Manifest): unknown => {
  switch (manifest.kind) {
    case 'Deployment':
    case 'StatefulSet':
    case 'Job':
      return at(manifest, 'spec', 'template');
    case 'CronJob':
      return at(manifest, 'spec', 'jobTemplate', 'spec', 'template');
    default:
      return undefined;
  }
};

export const podLabelsOf = (manifest: Manifest): Readonly<Record<string, string>> =>
  textsAt(podTemplateOf(manifest), 'metadata', 'labels');
