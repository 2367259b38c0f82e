/** As much of a JSON Schema as the published ones have. */
export interface Schema {
  readonly default?: unknown;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

/** `['gitops.branch', 'main']` for every key that holds a value; `required` and `''` where there is no default. */
export const keysOf = (schema: Schema, at = ''): readonly (readonly [string, string])[] => [
  ...Object.entries(schema.properties ?? {}).flatMap(([name, each]) => {
    const path = at === '' ? name : `${at}.${name}`;
    const inner = keysOf(each, path);
    const holder = each.properties !== undefined || mapOf(each)?.properties !== undefined;
    return [...(holder ? [] : [[path, printed(each, schema.required?.includes(name) === true)] as const]), ...inner];
  }),
  ...inMap(mapOf(schema), `${at}.<name>`),
  ...(schema.items?.anyOf ?? []).flatMap((each) => keysOf(each, `${at}[]`)),
];

const mapOf = ({ additionalProperties }: Schema): Schema | undefined =>
  typeof additionalProperties === 'object' ? additionalProperties : undefined;

const inMap = (schema: Schema | undefined, at: string): readonly (readonly [string, string])[] =>
  schema === undefined ? [] : [schema, ...(schema.anyOf ?? [])].flatMap((each) => keysOf(each, at));

const printed = (schema: Schema, required: boolean): string => {
  if (required) return 'required';
  if (schema.default === undefined) return '';
  return `\`${typeof schema.default === 'string' ? schema.default : JSON.stringify(schema.default).replaceAll('"', "'")}\``;
};
