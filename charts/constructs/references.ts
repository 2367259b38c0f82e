import type { Construct, IConstruct } from 'constructs';
import type { Brand } from '../../src/model/brand.js';
import { nearest } from '../../src/model/nearest.js';

/**
 * A value of another component (`database.url`, `api.internalUrl`), usable wherever a string is, also inside one:
 * `` `${api.internalUrl}/v1` ``. Who uses it needs that component, which is how components are switched on together.
 * It is filled in at the very end: don't cut, measure or compare it.
 */
export type Reference = Brand<string, 'Reference'>;

// Private-use characters: what stands between them is ours, whatever a chart writes around it.
const open = '\uE000';
const divide = '\uE001';
const close = '\uE002';
const marker = new RegExp(`${open}([^${close}]*)${close}`, 'g');
const stray = new RegExp(`[${open}${divide}${close}]`);

const mark = (kind: 'needs' | 'address', path: string, property: string): Reference =>
  `${open}${[kind, path, property].join(divide)}${close}` as Reference;

/** Whether a reference, or a piece of one, is in a text. */
export const holdsReference = (text: string): boolean => stray.test(text);

/** `this.publicUrl('web')`: an address by name, which needs nothing. */
export const addressOf = (chart: IConstruct, component: string): Reference =>
  mark('address', `${chart.node.path}/${component}`, 'publicUrl');

/** What stands behind the references of one chart, and who uses them. */
export class References {
  readonly #values = new Map<string, string>();
  readonly #uses = new Map<IConstruct, Set<string>>();
  /** What could not be filled in, in the chart's order. */
  readonly problems: string[] = [];

  /** Gives a value of a component a name that others may refer to. */
  define(owner: Construct, property: string, value: string): Reference {
    this.#values.set(`${owner.node.path}.${property}`, value);
    return mark('needs', owner.node.path, property);
  }

  /** The components that an object refers to, once it was rendered. */
  usesOf(object: IConstruct): ReadonlySet<string> {
    return this.#uses.get(object) ?? new Set();
  }

  /** The text of an object with its references filled in. @throws Error a problem, which `problems` keeps */
  fill(text: string, object: IConstruct, chart: IConstruct): string {
    const filled = text.replace(marker, (_, inner: string) => {
      const [kind = '', path = '', property = ''] = inner.split(divide);
      const value = this.#values.get(`${path}.${property}`);
      if (value === undefined) return this.fail(object, explain(chart, path, property));
      if (kind === 'needs') this.#use(object, path.slice(chart.node.path.length + 1).split('/')[0] ?? '');
      return value;
    });
    return stray.test(filled) ? this.fail(object, 'a reference was cut or changed; use it whole') : filled;
  }

  /** @throws Error always, so that no half-filled text leaves */
  fail(object: IConstruct, text: string): never {
    const problem = `${object.node.path}: ${text}`;
    this.problems.push(problem);
    throw new Error(problem);
  }

  #use(object: IConstruct, component: string): void {
    const uses = this.#uses.get(object) ?? new Set<string>();
    this.#uses.set(object, uses.add(component));
  }
}

const explain = (chart: IConstruct, path: string, property: string): string => {
  const own = `${chart.node.path}/`;
  if (!path.startsWith(own)) return `it refers to ${path}.${property}, a component of another chart`;
  const name = path.slice(own.length);
  if (chart.node.tryFindChild(name) !== undefined)
    return `"${name}" has no public URL; give it \`public: true\` or \`primary: true\``;
  const ids = chart.node.children.map((child) => child.node.id);
  const meant = nearest(name, ids);
  return `there is no component "${name}"; ${meant === undefined ? `the chart has ${ids.join(', ')}` : `did you mean "${meant}"?`}`;
};
