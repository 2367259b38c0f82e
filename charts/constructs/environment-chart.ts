import { App, type ApiObject, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import type { EnvironmentSpec } from '../../src/model/environment.js';
import { userError } from '../../src/model/errors.js';
import type { Manifest } from '../../src/model/manifest.js';
import { nearest } from '../../src/model/nearest.js';
import type { Synthesis } from '../../src/synth/port.js';
import { addressOf, type Reference, References } from './references.js';
import { renderComponents } from './render.js';
import { fillReferences, nameBelowChart, openScope } from './scope.js';
import { select } from './selection.js';

/** All that may vary between two environments of one application. Place its values, don't look into them. */
export type EnvironmentProps = EnvironmentSpec;

/** A class that describes an application: what `export class Shop extends EnvironmentChart` makes. */
export type ChartClass = new (scope: Construct, id: string, props: EnvironmentProps) => EnvironmentChart;

const chartMark = Symbol.for('bivouac.chart');

/**
 * One environment of an application. Every construct directly below it is a component, called by its id; one that is
 * `optional` comes when it is asked for or another one refers to it.
 */
export abstract class EnvironmentChart extends Chart {
  /** Recognised by whoever loads a chart module; `instanceof` fails between two copies of this package. */
  static readonly [chartMark] = true;

  /** The environment that is described: application, names, domain, preset, commit, images, variables. */
  readonly environment: EnvironmentSpec;
  readonly #references = new References();

  constructor(scope: Construct, id: string, props: EnvironmentProps) {
    super(scope, id, { namespace: props.name });
    this.environment = props;
    openScope(this, { environment: props, references: this.#references });
    fillReferences(App.of(this));
  }

  /**
   * The chosen components as plain data, in an app of their own.
   * @throws UserError ComponentNeeded, UnknownReference, UnknownImage, UnknownVariable, InvalidName, EmptyChart, …
   */
  static synthesize(this: ChartClass, spec: EnvironmentSpec): Synthesis {
    const app = new App({ outdir: 'cdk8s.out', recordConstructMetadata: false });
    return new this(app, spec.application, spec).#synthesis();
  }

  /**
   * The reference of an image, by its name in `bivouac.yaml`.
   * @throws UserError UnknownImage
   */
  image(name: string): string {
    const { application, images } = this.environment;
    if (Object.hasOwn(images, name)) return images[name]!;
    throw userError('UnknownImage', `no image is called "${name}"${meant(name, Object.keys(images))}`, {
      where: this.node.path,
      remedy:
        `Give --image ${name}=<reference>, or a template at applications.${application}.images.${name} in bivouac.yaml; ` +
        'what was given before for the same commit is used again.',
    });
  }

  /**
   * A variable that the configuration or an override sets. Workloads of the chart get all of them anyway.
   * @throws UserError UnknownVariable
   */
  variable(name: string): string {
    const { application, variables } = this.environment;
    if (Object.hasOwn(variables, name)) return variables[name]!;
    throw userError('UnknownVariable', `no variable is called "${name}"${meant(name, Object.keys(variables))}`, {
      where: this.node.path,
      remedy: `Set it at applications.${application}.variables.${name} in bivouac.yaml.`,
    });
  }

  /**
   * The public URL of a component by its name: an address and nothing more, so that two components may know each other's.
   * Use `component.publicUrl` to need the component, too.
   */
  publicUrl(component: string): Reference {
    return addressOf(this, component);
  }

  /** The objects of the chosen components: what any synthesizer of cdk8s writes. */
  override toJson(): Manifest[] {
    return this.#synthesis().components.flatMap(({ manifests }) => manifests);
  }

  /** `<component>-<id>` for an object without `metadata.name`. No hash: names are the same in every environment. */
  override generateObjectName(object: ApiObject): string {
    return nameBelowChart(object);
  }

  #synthesis(): Synthesis {
    const all = renderComponents(this, this.#references);
    if (all.length === 0)
      throw userError('EmptyChart', `the chart "${this.node.id}" has no components`, {
        where: this.node.path,
        remedy: 'Make at least one construct with `this` as its scope, e.g. new WebService(this, "web", …).',
      });
    const { chosen, unknown } = select(all, this.environment);
    return {
      components: all.filter(({ name }) => chosen.has(name)).map(({ name, manifests }) => ({ name, manifests })),
      known: all.map(({ name }) => name),
      unknown,
    };
  }
}

const meant = (name: string, names: readonly string[]): string => {
  const near = nearest(name, names);
  if (near !== undefined) return `; did you mean "${near}"?`;
  return names.length === 0 ? '' : `; there are ${[...names].sort().join(', ')}`;
};
