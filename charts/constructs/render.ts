import { ApiObject, Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { userError } from '../../src/model/errors.js';
import type { Manifest } from '../../src/model/manifest.js';
import { type ComponentName, componentName } from '../../src/model/names.js';
import { labelPods, markOptional } from './marks.js';
import { holdsReference, type References } from './references.js';
import type { Selectable } from './selection.js';

/** A component with its objects, chosen or not. */
export interface RenderedComponent extends Selectable {
  readonly manifests: readonly Manifest[];
}

/**
 * Every construct directly below the chart as a component: its objects in the order in which they were made.
 * @throws UserError InvalidName, InvalidChart, UnknownReference (all of them at once)
 */
export const renderComponents = (chart: Chart, references: References): readonly RenderedComponent[] => {
  validate(chart);
  const names = chart.node.children.map(({ node }) => componentName(node.id));
  const rendered = chart.node.children.map((child, at) => renderComponent(child, names[at]!, references));
  if (references.problems.length > 0) throw unknownReference(references.problems);
  return rendered;
};

const renderComponent = (child: IConstruct, name: ComponentName, references: References): RenderedComponent => {
  const optional = 'optional' in child && child.optional === true;
  const objects = child.node.findAll().filter((node): node is ApiObject => ApiObject.isApiObject(node));
  const plain = objects.map((object) => ({ object, manifest: render(object, references) }));
  const uses = objects.flatMap((object) => [...references.usesOf(object)]);
  const needs = [...new Set(uses)].filter((need) => need !== name).sort() as ComponentName[];
  const manifests = plain.flatMap(({ object, manifest }) => {
    if (manifest === undefined) return [];
    const itself = references.usesOf(object).has(name) ? [name] : []; // a seed reaches its own database
    const labelled = labelPods(manifest, [...needs, ...itself]);
    return [optional ? markOptional(labelled) : labelled];
  });
  return { name, optional, needs, manifests };
};

/** Undefined: the problem is kept, and thrown with the others. */
const render = (object: ApiObject, references: References): Manifest | undefined => {
  const before = references.problems.length;
  try {
    const manifest = object.toJson() as Manifest;
    if (holdsReference(JSON.stringify(manifest))) references.fail(object, 'a reference can’t be a key');
    return manifest;
  } catch (error) {
    if (references.problems.length > before) return undefined;
    throw error;
  }
};

const validate = (chart: Chart): void => {
  const issues = chart.node.findAll().flatMap((construct) => {
    const { node } = construct;
    const nested = construct !== chart && Chart.isChart(construct) ? ['a chart can’t be part of a chart'] : [];
    return [...nested, ...node.validate()].map((message) => `${node.path}: ${message}`);
  });
  if (issues.length > 0)
    throw userError('InvalidChart', issues.join('\n'), { where: chart.node.path, data: { issues } });
};

const unknownReference = (problems: readonly string[]): Error =>
  userError('UnknownReference', problems.join('\n'), {
    remedy: 'Refer to components of the same chart, by the values that they offer.',
    data: { issues: problems },
  });
