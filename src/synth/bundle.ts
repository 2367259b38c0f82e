import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { EnvironmentSpec } from '../model/environment.js';
import { type BivouacError, userError } from '../model/errors.js';
import type { Component, Manifest } from '../model/manifest.js';
import { applicationName, componentName, environmentName, joinedName, presetName } from '../model/names.js';
import { commitSha, repositoryName } from '../model/pull-request.js';
import { tidy } from './tidy.js';

/** Bytes, and objects of all components together. */
export const bundleLimits = { bytes: 1_048_576, objects: 500 } as const;

export interface Bundle {
  readonly spec: EnvironmentSpec;
  readonly components: readonly Component[];
}

const text = z.string().max(4096);
const texts = z.record(z.string().min(1).max(253), text);
const manifest = z.looseObject({
  apiVersion: z.string().min(1).max(253),
  kind: z.string().min(1).max(63),
  metadata: z.looseObject({ name: z.string().min(1).max(253) }),
});
const schema = z.strictObject({
  schemaVersion: z.literal('1'),
  spec: z.strictObject({
    application: text,
    environment: text,
    name: text,
    preset: text,
    cluster: text,
    domain: text,
    exposure: z.strictObject({
      kind: z.enum(['ingress', 'gateway', 'route']),
      class: text,
      tls: text,
      annotations: texts,
    }),
    repository: text,
    pullRequest: z.string().regex(/^(?:[1-9][0-9]{0,9})?$/),
    headSha: text,
    state: z.enum(['active', 'asleep', 'teardown']),
    with: z.array(text),
    without: z.array(text),
    images: texts,
    variables: texts,
  }),
  components: z.record(z.string(), z.array(manifest)),
});

/** The canonical text: fixed keys, components by name, objects as they are published. Its SHA-256 is the bundle's digest. */
export const printBundle = (spec: EnvironmentSpec, components: readonly Component[]): string =>
  `${JSON.stringify({ schemaVersion: '1', spec: printableSpec(spec), components: sortedComponents(components) }, null, 2)}\n`;

/** `sha256:…` of a text. */
export const digestOf = (content: string): string => `sha256:${createHash('sha256').update(content).digest('hex')}`;

/** Data from a job that may have run anyone's code: size, shape and names are checked here, the objects by policy. @throws UserError InvalidBundle */
export const readBundle = (content: string): Bundle => {
  if (Buffer.byteLength(content) > bundleLimits.bytes) throw invalid(`it is larger than ${bundleLimits.bytes} bytes`);
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch (error) {
    throw invalid(`it is no JSON: ${(error as Error).message}`);
  }
  if (isObject(json) && 'violations' in json)
    throw userError('InvalidBundle', '`render --validate` found violations in this bundle: nothing was published', {
      remedy: 'Correct what it names, and render again.',
    });
  const parsed = schema.safeParse(json);
  if (!parsed.success)
    throw invalid(
      parsed.error.issues
        .slice(0, 10)
        .map(({ path, message }) => [path.join('.'), message].filter((part) => part !== '').join(': '))
        .join('; '),
    );
  const objects = Object.values(parsed.data.components).reduce((sum, { length }) => sum + length, 0);
  if (objects > bundleLimits.objects) throw invalid(`it holds ${objects} objects, more than ${bundleLimits.objects}`);
  return mint(parsed.data);
};

const mint = ({ spec, components }: z.infer<typeof schema>): Bundle => {
  try {
    const id = { application: applicationName(spec.application), environment: environmentName(spec.environment) };
    if (joinedName(id) !== spec.name) throw invalid(`its name isn’t ${joinedName(id)}`);
    return {
      spec: {
        ...spec,
        ...id,
        name: joinedName(id),
        preset: presetName(spec.preset),
        repository: repositoryName(spec.repository),
        headSha: commitSha(spec.headSha),
        with: spec.with.map(componentName),
        without: spec.without.map(componentName),
      },
      components: Object.entries(components).map(([name, manifests]) => ({
        name: componentName(name),
        manifests: manifests.map((each) => tidy(each as unknown as Manifest)),
      })),
    };
  } catch (error) {
    throw (error as BivouacError).code === 'InvalidBundle' ? error : invalid((error as Error).message);
  }
};

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const printableSpec = (spec: EnvironmentSpec): Record<string, unknown> => ({
  application: spec.application,
  environment: spec.environment,
  name: spec.name,
  preset: spec.preset,
  cluster: spec.cluster,
  domain: spec.domain,
  exposure: {
    kind: spec.exposure.kind,
    class: spec.exposure.class,
    tls: spec.exposure.tls,
    annotations: sortedEntries(spec.exposure.annotations),
  },
  repository: spec.repository,
  pullRequest: spec.pullRequest,
  headSha: spec.headSha,
  state: spec.state,
  with: [...spec.with].sort(),
  without: [...spec.without].sort(),
  images: sortedEntries(spec.images),
  variables: sortedEntries(spec.variables),
});

const sortedEntries = (map: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));

const sortedComponents = (components: readonly Component[]): Record<string, readonly Manifest[]> =>
  Object.fromEntries(
    [...components]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, manifests }) => [name, manifests.map(tidy)]),
  );

const invalid = (problem: string): BivouacError =>
  userError('InvalidBundle', `this is no bundle: ${problem}`, {
    remedy: 'Make it with `bivouac render --output json`, and hand it on unchanged.',
  });
