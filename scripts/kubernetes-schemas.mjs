/*
 * Makes schemas/kubernetes.json, which `bivouac render --validate` uses where no cluster can be asked: the API server's own OpenAPI
 * documents, cut down to the built-in kinds that an environment may hold. `npx tsx scripts/kubernetes-schemas.mjs`, with kubectl on the
 * path and KUBECONFIG naming a cluster of the version that is wanted.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { kinds } from '../src/model/kinds.ts';

const raw = (path) =>
  JSON.parse(execFileSync('kubectl', ['get', '--raw', path], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }));

/** Groups that every API server has; the rest are CRDs, whose schemas are their authors'. */
const builtIn = new Set(['', 'apps', 'autoscaling', 'batch', 'networking.k8s.io']);
const wanted = kinds.filter(({ group, from }) => builtIn.has(group) && from !== 'shown');

const versionsOf = (group) => (group === '' ? ['v1'] : raw(`/apis/${group}`).versions.map(({ version }) => version));

const short = (name) => name.replace(/^io\.k8s\.(api|apimachinery\.pkg)\./, '');

/** What JSON Schema understands of it, without prose. A field is closed where its names are known: an unknown one is a mistake. */
const reduce = (schema) => {
  if (schema.$ref !== undefined) return { $ref: `#/definitions/${short(schema.$ref.split('/').pop())}` };
  if (schema.allOf?.length === 1) return reduce(schema.allOf[0]);
  return {
    ...(schema.oneOf === undefined ? { type: schema.type } : { type: schema.oneOf.map(({ type }) => type) }),
    ...(schema.enum !== undefined && { enum: schema.enum }),
    ...(schema.required !== undefined && { required: schema.required }),
    ...(schema.items !== undefined && { items: reduce(schema.items) }),
    ...(schema.properties !== undefined && {
      properties: Object.fromEntries(Object.entries(schema.properties).map(([name, each]) => [name, reduce(each)])),
    }),
    ...(typeof schema.additionalProperties === 'object'
      ? { additionalProperties: reduce(schema.additionalProperties) }
      : schema.properties !== undefined && { additionalProperties: false }),
  };
};

/** What the server writes, and what the schema leaves to code. */
const own = {
  'apis.meta.v1.ManagedFieldsEntry': { type: 'object' },
  'apis.meta.v1.FieldsV1': { type: 'object' },
  'api.resource.Quantity': {
    type: ['string', 'number'],
    pattern: '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$',
  },
};

const referencesIn = (schema) => JSON.stringify(schema).match(/(?<=#\/definitions\/)[^"]+/g) ?? [];

const all = {};
const byKind = {};
for (const group of new Set(wanted.map((kind) => kind.group)))
  for (const version of versionsOf(group)) {
    const path = group === '' ? `api/${version}` : `apis/${group}/${version}`;
    const { schemas } = raw(`/openapi/v3/${path}`).components;
    for (const [name, schema] of Object.entries(schemas)) {
      all[short(name)] = own[short(name)] ?? reduce(schema);
      for (const each of schema['x-kubernetes-group-version-kind'] ?? [])
        if (
          each.group === group &&
          each.version === version &&
          wanted.some((kind) => kind.group === group && kind.kind === each.kind)
        )
          byKind[`${group === '' ? '' : `${group}/`}${version}/${each.kind}`] = short(name);
    }
  }

for (const name of new Set(Object.values(byKind))) {
  const { status, ...properties } = all[name].properties;
  all[name].properties = status === undefined ? properties : { ...properties, status: { type: 'object' } };
}
const used = new Set();
const use = (name) => {
  if (used.has(name)) return;
  used.add(name);
  referencesIn(all[name]).forEach(use);
};
Object.values(byKind).forEach(use);

const sorted = (entries) => entries.sort(([a], [b]) => (a < b ? -1 : 1));
const line = ([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)}`;
const { gitVersion } = raw('/version');
const text = `{
  "$comment": "Reduced from the OpenAPI documents of Kubernetes ${gitVersion} (kubernetes/kubernetes, api/openapi-spec/v3) by scripts/kubernetes-schemas.mjs. Copyright The Kubernetes Authors, licensed under the Apache License, Version 2.0: schemas/LICENSE.",
  "version": ${JSON.stringify(gitVersion)},
  "kinds": {
${sorted(Object.entries(byKind)).map(line).join(',\n')}
  },
  "definitions": {
${sorted([...used].map((name) => [name, all[name]]))
  .map(line)
  .join(',\n')}
  }
}
`;
writeFileSync(new URL('../schemas/kubernetes.json', import.meta.url), text);
console.log(
  `schemas/kubernetes.json: ${Object.keys(byKind).length} kinds, ${used.size} definitions, ${text.length} bytes`,
);
