import type { Manifest } from '../../src/model/manifest.js';
import { marks, needsMark } from '../../src/model/marks.js';

/** Labels of a component's objects, the same in every environment. */
export const labelsOf = (name: string): Record<string, string> => ({ [marks.component]: name });

type Tree = { readonly [key: string]: unknown };

const tree = (value: unknown): Tree => (typeof value === 'object' && value !== null ? (value as Tree) : {});

/** Where an object of this kind keeps its pod template. */
const templates: Readonly<Record<string, readonly string[]>> = {
  Deployment: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
  Job: ['spec', 'template'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
};

/** Says on each pod which components it refers to: a fenced one lets nobody else in. */
export const labelPods = (manifest: Manifest, needs: readonly string[]): Manifest => {
  const path = templates[manifest.kind];
  if (path === undefined || needs.length === 0) return manifest;
  const labels = Object.fromEntries(needs.map((need) => [needsMark(need), 'true']));
  return add(manifest, [...path, 'metadata', 'labels'], labels) as Manifest;
};

/** Says on each workload that its component may be absent elsewhere. */
export const markOptional = (manifest: Manifest): Manifest =>
  templates[manifest.kind] === undefined
    ? manifest
    : (add(manifest, ['metadata', 'annotations'], { [marks.optional]: 'true' }) as Manifest);

/** The same tree with entries added to the map at a path, its keys sorted as cdk8s sorts them. */
const add = (at: Tree, [key, ...rest]: readonly string[], entries: Readonly<Record<string, string>>): Tree => {
  if (key === undefined) return sorted({ ...at, ...entries });
  const added = { ...at, [key]: add(tree(at[key]), rest, entries) };
  return 'apiVersion' in at || key in at ? added : sorted(added);
};

const sorted = (map: Tree): Tree => Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
