import { Ajv, type ValidateFunction } from 'ajv';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Exchange } from '../../src/demo/fake-github/exchange.js';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: object;
}

interface Body {
  readonly required?: boolean;
  readonly content?: Readonly<Record<string, { readonly schema?: object }>>;
}

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly (Parameter | Reference)[];
  readonly requestBody?: Body;
  readonly responses: Readonly<Record<string, Body | Reference>>;
}

type Reference = { readonly $ref: string };
type Methods = Readonly<Record<string, Operation>>;

/** `nullable` of OpenAPI 3.0 as JSON Schema says it. */
const withNull = (node: unknown): unknown => {
  if (Array.isArray(node)) return node.map(withNull);
  if (typeof node !== 'object' || node === null) return node;
  const { nullable, ...rest } = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, withNull(value)]));
  if (typeof nullable !== 'boolean') return nullable === undefined ? rest : { ...rest, nullable };
  return nullable ? { anyOf: [rest, { type: 'null' }] } : rest;
};

const document = withNull(JSON.parse(readFileSync(join(import.meta.dirname, 'github.json'), 'utf8'))) as {
  readonly paths: Readonly<Record<string, Methods>>;
};

const ajv = new Ajv({ strict: false, logger: false, allErrors: true });
ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/);
ajv.addFormat('uri', (text) => text === '' || URL.canParse(text)); // empty is GitHub's own default
ajv.addSchema({ ...document, $id: 'github' });
const queryAjv = new Ajv({ strict: false, logger: false, coerceTypes: true });
queryAjv.addSchema({ ...document, $id: 'github' });

const compiled = new Map<string, ValidateFunction>();
const validatorOf = (pointer: string, by: Ajv): ValidateFunction => {
  const key = `${by === ajv ? '' : 'query'}${pointer}`;
  const found = compiled.get(key) ?? by.compile({ $ref: `github${pointer}` });
  compiled.set(key, found);
  return found;
};

const escaped = (key: string): string => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'));
const pointerOf = (...keys: readonly string[]): string => `#/${keys.map(escaped).join('/')}`;

interface Judged {
  /** For the report: `answer`, `?page` */
  readonly what: string;
  readonly value: unknown;
  readonly by?: Ajv;
}

const faultsOf = (pointer: string, { what, value, by = ajv }: Judged): readonly string[] => {
  const validate = validatorOf(pointer, by);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message = '' }) => `${what}${instancePath} ${message}`);
};

const templates = Object.keys(document.paths)
  .map((path) => ({ path, pattern: new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{[^}]+\}/g, '[^/]+')}$`) }))
  // the more is fixed, the earlier
  .sort((a, b) => a.path.split('{').length - b.path.split('{').length);

const resolved = <Found extends object>(
  node: Found | Reference,
): { readonly value: Found; readonly pointer?: string } => {
  if (!('$ref' in node)) return { value: node };
  const keys = node.$ref.slice(2).split('/');
  return {
    value: keys.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], document) as Found,
    pointer: node.$ref,
  };
};

/** What in a request and its answer isn't as GitHub's own description says; empty: all is. */
export const judge = (exchange: Exchange): readonly string[] => {
  const { method, path } = exchange;
  if (path === '/graphql' || path.endsWith('/graphql')) return []; // no part of the REST API
  const name = `${method} ${path}`;
  const template = templates.find(
    ({ pattern, path: at }) => pattern.test(path) && document.paths[at]?.[method.toLowerCase()],
  );
  if (template === undefined)
    return [`${name}: GitHub describes no such operation (or test/contract/operations.txt lacks it)`];
  const place = ['paths', template.path, method.toLowerCase()] as const;
  const operation = document.paths[template.path]![method.toLowerCase()]!;
  return [...askedFaults(exchange, operation, place), ...answerFaults(exchange, operation, place)]
    .filter((fault) => !exceptions.some((known) => known.test(fault)))
    .map((fault) => `${name}: ${fault}`);
};

type Place = readonly string[];

const askedFaults = (
  { query, sent }: Exchange,
  { parameters = [], requestBody }: Operation,
  place: Place,
): readonly string[] => {
  const known = parameters.map((each, index) => {
    const { value, pointer } = resolved(each);
    return { ...value, pointer: `${pointer ?? pointerOf(...place, 'parameters', String(index))}/schema` };
  });
  const queries = known.filter((each) => each.in === 'query');
  const strange = Object.keys(query).filter((name) => !queries.some((each) => each.name === name));
  const wrong = queries.flatMap(({ name, pointer, required }) => {
    if (query[name] === undefined) return required === true ? [`?${name} is missing`] : [];
    // coercion needs a parent: a value by itself isn't changed
    const value = /^\d+$/.test(query[name]) ? Number(query[name]) : query[name];
    return faultsOf(pointer, { what: `?${name}`, value, by: queryAjv });
  });
  const schema = requestBody?.content?.['application/json']?.schema;
  const body = (): readonly string[] => {
    if (sent === undefined) return requestBody?.required === true ? ['the body is missing'] : [];
    if (schema === undefined) return ['a body that isn’t described'];
    return faultsOf(pointerOf(...place, 'requestBody', 'content', 'application/json', 'schema'), {
      what: 'sent',
      value: sent,
    });
  };
  return [...strange.map((name) => `?${name} isn’t described`), ...wrong, ...body()];
};

/** GitHub's own description leaves out refusals that any endpoint may give. */
const anywhere = [401, 403, 404, 422, 429];

/** Where GitHub is known not to keep to its own description. */
const exceptions = [/head\/repo must be object$/]; // null: the fork was deleted

const answerFaults = ({ status, answer }: Exchange, { responses }: Operation, place: Place): readonly string[] => {
  const described = responses[String(status)];
  if (described === undefined)
    return anywhere.includes(status)
      ? faultsOf('#/components/schemas/basic-error', { what: 'answer', value: answer })
      : [`status ${status} isn’t described`];
  const { value, pointer = pointerOf(...place, 'responses', String(status)) } = resolved(described);
  const schema = value.content?.['application/json']?.schema;
  if (schema === undefined) return answer === undefined ? [] : ['an answer where none is described'];
  return faultsOf(`${pointer}/content/application~1json/schema`, { what: 'answer', value: answer });
};
