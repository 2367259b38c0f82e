import { userError } from '../../src/model/errors.js';
import type { ComponentName } from '../../src/model/names.js';

/** A component as the selection sees it. */
export interface Selectable {
  readonly name: ComponentName;
  /** Only when asked for, or needed by another. */
  readonly optional: boolean;
  /** Components that it refers to. */
  readonly needs: readonly ComponentName[];
}

export interface Asked {
  readonly with: readonly ComponentName[];
  readonly without: readonly ComponentName[];
}

export interface Selection {
  readonly chosen: ReadonlySet<ComponentName>;
  /** Asked for or left out, and not there. */
  readonly unknown: readonly ComponentName[];
}

/**
 * The default components, and those asked for, and all that they refer to, without those left out.
 * @throws UserError ComponentNeeded when one that is left out is needed; names every such path
 */
export const select = (components: readonly Selectable[], asked: Asked): Selection => {
  const byName = new Map(components.map((component) => [component.name, component]));
  const out = new Set(asked.without);
  const wanted = new Set(asked.with);
  const roots = components.filter(({ name, optional }) => (!optional || wanted.has(name)) && !out.has(name));
  const paths = closure(roots, byName);
  const needed = [...paths].filter(([name]) => out.has(name)).map(([, path]) => path);
  if (needed.length > 0) throw componentNeeded(needed);
  const unknown = new Set([...asked.with, ...asked.without].filter((name) => !byName.has(name)));
  return { chosen: new Set(paths.keys()), unknown: [...unknown].sort() };
};

type Path = readonly ComponentName[];

/** Each component that is reached, with a way to it that begins where nobody else's need does. */
const closure = (
  roots: readonly Selectable[],
  byName: ReadonlyMap<ComponentName, Selectable>,
): ReadonlyMap<ComponentName, Path> => {
  const needed = new Set(roots.flatMap(({ needs }) => needs));
  const paths = new Map<ComponentName, Path>();
  const visit = (name: ComponentName, path: Path): void => {
    if (paths.has(name)) return;
    paths.set(name, path);
    for (const need of byName.get(name)?.needs ?? []) visit(need, [...path, need]);
  };
  for (const { name } of roots) if (!needed.has(name)) visit(name, [name]);
  for (const { name } of roots) visit(name, [name]); // those that need each other
  return paths;
};

const componentNeeded = (paths: readonly Path[]): Error => {
  const lines = paths.map((path) => `"${path.at(-1)}" can't be left out: ${path.join(' → ')}`);
  const before = new Set(paths.flatMap((path) => path.slice(0, -1)));
  const left = new Set(paths.map((path) => path.at(-1)));
  return userError('ComponentNeeded', lines.join('; '), {
    remedy: `Leave out ${quote(before)} too, or keep ${quote(left)}.`,
    data: { paths },
  });
};

const quote = (names: ReadonlySet<string | undefined>): string => [...names].map((name) => `"${name}"`).join(', ');
