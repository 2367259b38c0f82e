import { userError } from '../../model/errors.js';
import type { Component, Manifest } from '../../model/manifest.js';
import { type ApplicationName, componentName } from '../../model/names.js';
import type { Synthesis } from '../port.js';
import { at, isMap, listAt } from '../views.js';

/** Trusts nothing of what a chart gave but that it ended. @throws UserError ChartEmpty, ChartFailed, InvalidName */
export const checkSynthesis = (given: unknown, application: ApplicationName): Synthesis => {
  const components = listAt(given, 'components');
  if (!isMap(given) || !components.every(isComponent))
    throw userError('ChartFailed', `the chart of "${application}" gave something that is no list of components`, {
      remedy: 'Leave `synthesize` to EnvironmentChart, and import it from bivouac/charts.',
    });
  if (components.every(({ manifests }) => manifests.length === 0))
    throw userError('ChartEmpty', `the chart of "${application}" gives no objects`, {
      remedy: 'Add a component, e.g. new WebService(this, "web", …), or take `without` back.',
    });
  return {
    components: components.map(({ name, manifests }) => ({ name: componentName(name), manifests })),
    known: names(listAt(given, 'known')),
    unknown: names(listAt(given, 'unknown')),
  };
};

const names = (values: readonly unknown[]): Synthesis['known'] => values.map((value) => componentName(String(value)));

const isComponent = (value: unknown): value is Component =>
  isMap(value) && typeof value.name === 'string' && Array.isArray(value.manifests) && value.manifests.every(isManifest);

const isManifest = (value: unknown): value is Manifest =>
  isMap(value) &&
  typeof value.apiVersion === 'string' &&
  typeof value.kind === 'string' &&
  typeof at(value, 'metadata', 'name') === 'string';
