import type { App, IResolver, ResolutionContext } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { EnvironmentSpec } from '../../src/model/environment.js';
import { userError } from '../../src/model/errors.js';
import type { References } from './references.js';
import { holdsReference } from './references.js';

const scope = Symbol.for('bivouac.scope');

/** What an EnvironmentChart offers to the constructs in it. */
export interface EnvironmentScope {
  readonly environment: EnvironmentSpec;
  readonly references: References;
}

/** Marks a chart as one, by a symbol: `instanceof` fails between two copies of this package. */
export const openScope = (chart: IConstruct, content: EnvironmentScope): void => {
  Object.defineProperty(chart, scope, { value: content });
};

const scopeAt = (construct: IConstruct): EnvironmentScope | undefined =>
  (construct as { readonly [scope]?: EnvironmentScope })[scope];

const chartOf = (construct: IConstruct): IConstruct | undefined =>
  construct.node.scopes.find((above) => scopeAt(above) !== undefined);

/** The environment that a construct is part of. @throws UserError OutsideChart */
export const scopeOf = (construct: IConstruct): EnvironmentScope => {
  const chart = chartOf(construct);
  const found = chart && scopeAt(chart);
  if (found !== undefined) return found;
  throw userError('OutsideChart', `"${construct.node.path}" is in no EnvironmentChart`, {
    where: construct.node.path,
    remedy: 'Make it with `this`, or a construct below it, as its scope.',
  });
};

/** Whether a construct is directly below an EnvironmentChart. */
export const isTop = ({ node }: IConstruct): boolean => node.scope !== undefined && scopeAt(node.scope) !== undefined;

/** `config`, `search-index`: ids from the component downwards; what an object without a name is called. */
export const nameBelowChart = (construct: IConstruct): string => {
  const chart = chartOf(construct);
  const above = chart === undefined ? 1 : chart.node.scopes.length;
  return construct.node.scopes
    .slice(above)
    .map(({ node }) => node.id)
    .filter((id) => id !== 'Resource' && id !== 'Default')
    .join('-')
    .toLowerCase();
};

/** Sees every string of every object just before it is rendered; one for all charts of an app. */
const resolver: IResolver = {
  resolve(context: ResolutionContext): void {
    const text: unknown = context.value;
    if (typeof text !== 'string' || !holdsReference(text)) return;
    const { chart } = context.obj;
    const found = scopeAt(chart);
    if (found === undefined)
      throw new Error(`${context.obj.node.path}: references work within an EnvironmentChart only`);
    context.replaceValue(found.references.fill(text, context.obj, chart));
  },
};

/** Makes an app fill references in, whoever synthesizes it. */
export const fillReferences = (app: App): void => {
  if (!app.resolvers.includes(resolver)) app.resolvers.unshift(resolver);
};
