import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { Manifest } from '../model/manifest.js';
import { groupOf } from '../model/manifest.js';
import { below, stepsOf } from './pointer.js';
import type { Answer, Fault, Validator } from './port.js';
import { oneOf, unknownRemedy } from './refusal.js';

/** `schemas/kubernetes.json`, made by scripts/kubernetes-schemas.mjs. */
export interface SchemaFile {
  readonly version: string;
  /** `apps/v1/Deployment` → a definition's name. */
  readonly kinds: Readonly<Record<string, string>>;
  readonly definitions: Readonly<Record<string, Schema>>;
}

interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | false;
  readonly [key: string]: unknown;
}

export interface PublishedSchemas extends Validator {
  /** Names of the fields that may stand beside this one. */
  siblings(manifest: Manifest, field: string): readonly string[];
}

/** The schemas that Kubernetes publishes, unknown fields refused. Kinds of others (CRDs) are not checked. */
export const publishedSchemas = (file: SchemaFile): PublishedSchemas => {
  const ajv = new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true });
  ajv.addSchema({ definitions: file.definitions }, 'kubernetes');
  const nameOf = ({ apiVersion, kind }: Manifest) => file.kinds[`${apiVersion}/${kind}`];
  return {
    rule: 'published-schema',
    against: `the schemas of Kubernetes ${file.version}`,
    check: (manifest) => Promise.resolve(answerOf(manifest, { ajv, file, name: nameOf(manifest) })),
    siblings: (manifest, field) => {
      const name = nameOf(manifest);
      const steps = stepsOf(field).slice(0, -1);
      const root: Schema | undefined = name === undefined ? undefined : { $ref: `#/definitions/${name}` };
      const at = steps.reduce<Schema | undefined>((here, step) => inside(resolved(here, file), step), root);
      return Object.keys(resolved(at, file)?.properties ?? {});
    },
  };
};

const resolved = (schema: Schema | undefined, { definitions }: SchemaFile): Schema | undefined =>
  schema?.$ref === undefined ? schema : definitions[schema.$ref.replace('#/definitions/', '')];

const inside = (schema: Schema | undefined, step: string): Schema | undefined =>
  schema?.properties?.[step] ?? schema?.items ?? (schema?.additionalProperties || undefined);

interface Asked {
  readonly ajv: Ajv;
  readonly file: SchemaFile;
  readonly name: string | undefined;
}

const answerOf = (manifest: Manifest, { ajv, file, name }: Asked): Answer => {
  if (name === undefined) return otherwise(manifest, file);
  const check = ajv.getSchema(`kubernetes#/definitions/${name}`) as ValidateFunction;
  if (check(manifest)) return { kind: 'accepted', warnings: [] };
  return { kind: 'faulty', faults: (check.errors ?? []).map(faultOf) };
};

/** A built-in kind in a version that is no longer (or not yet) there can be told from a kind of somebody else's. */
const otherwise = ({ apiVersion, kind }: Manifest, { kinds, version }: SchemaFile): Answer => {
  const group = groupOf(apiVersion);
  const others = Object.keys(kinds)
    .filter((each) => each.endsWith(`/${kind}`))
    .map((each) => each.slice(0, -kind.length - 1))
    .filter((each) => groupOf(each) === group);
  if (others.length === 0) return { kind: 'unchecked', why: `there is no published schema of ${apiVersion} ${kind}` };
  const fault = {
    field: '/apiVersion',
    message: `Kubernetes ${version} has no ${kind} of ${apiVersion}`,
    remedy: `Use ${others.join(' or ')}.`,
  };
  return { kind: 'faulty', faults: [fault] };
};

const faultOf = ({ keyword, instancePath, params, data, parentSchema }: ErrorObject): Fault => {
  switch (keyword) {
    case 'additionalProperties': {
      const name = String((params as { additionalProperty: unknown }).additionalProperty);
      const known = Object.keys((parentSchema as Schema | undefined)?.properties ?? {});
      const field = below(instancePath, name);
      return { field, message: `unknown field "${name}"`, remedy: unknownRemedy(name, known) };
    }
    case 'required': {
      const name = String((params as { missingProperty: unknown }).missingProperty);
      return { field: below(instancePath, name), message: `"${name}" is missing`, remedy: 'Add it in the chart.' };
    }
    case 'enum': {
      const values = (params as { allowedValues: readonly unknown[] }).allowedValues.map(String);
      return {
        field: instancePath,
        message: `${shown(data)} is none of ${values.join(', ')}`,
        remedy: oneOf(String(data), values),
      };
    }
    case 'pattern':
      return {
        field: instancePath,
        message: `${shown(data)} is no quantity`,
        remedy: 'Write it like 500m, 2 or 256Mi.',
      };
    default: {
      const wanted = [(params as { type?: unknown }).type].flat().join(' or ');
      return {
        field: instancePath,
        message: `must be ${wanted}, and is ${shown(data)}`,
        remedy: `Give it as ${wanted} in the chart.`,
      };
    }
  }
};

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
};
