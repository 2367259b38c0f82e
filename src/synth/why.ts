import type { Component, FileTree } from '../model/manifest.js';
import type { ApplicationName, ComponentName } from '../model/names.js';
import { componentName } from '../model/names.js';
import { marks, neededBy } from '../model/marks.js';
import { parseRecord } from './record.js';
import { readManifests } from './read-manifests.js';
import { podLabelsOf, textsAt } from './views.js';

/** Why each component is in: "part of every environment of shop", "needed by api", "asked for". */
export const reasonsFor = (
  components: readonly Component[],
  application: ApplicationName,
): ReadonlyMap<ComponentName, string> =>
  new Map(components.map((component) => [component.name, reasonFor(component, components, application)]));

/** The same, read from the files in Git; a file that can't be read has no reason. */
export const whyOf = (files: FileTree): ReadonlyMap<ComponentName, string> => {
  const stored = parseRecord(files.get('environment.json') ?? '');
  if (stored.kind !== 'record') return new Map();
  return reasonsFor(componentsIn(files, stored.record.components), stored.record.application);
};

const componentsIn = (files: FileTree, names: readonly string[]): readonly Component[] =>
  names.flatMap((name) => {
    const manifests = readManifests(files.get(`manifests/${name}.yaml`) ?? '');
    return manifests.length === 0 ? [] : [{ name: componentName(name), manifests }];
  });

const reasonFor = (component: Component, all: readonly Component[], application: ApplicationName): string => {
  const optional = component.manifests.some(
    (manifest) => textsAt(manifest, 'metadata', 'annotations')[marks.optional] === 'true',
  );
  if (!optional) return `part of every environment of ${application}`;
  const needing = all
    .filter(({ name, manifests }) => name !== component.name && manifests.some((each) => needs(each, component.name)))
    .map(({ name }) => name);
  return needing.length > 0 ? `needed by ${needing.join(', ')}` : 'asked for';
};

const needs = (manifest: Component['manifests'][number], component: string): boolean =>
  neededBy(podLabelsOf(manifest)).includes(component);
