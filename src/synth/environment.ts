import type { Config } from '../config/config.js';
import { type EnvironmentRecord, type EnvironmentSpec, printTime } from '../model/environment.js';
import { userError } from '../model/errors.js';
import type { Component, FileTree, Manifest } from '../model/manifest.js';
import type { RepositoryId } from '../model/pull-request.js';
import { urlOfEnvironment } from './exposure.js';
import { frameOf } from './frame/frame.js';
import { nameJob } from './jobs.js';
import { readmeOf } from './readme.js';
import { printRecord } from './record.js';
import { type Serializer, serialize } from './serialize.js';
import { asleep } from './sleep.js';
import { tidy } from './tidy.js';

/** What `decide` answered, as far as files depend on it. */
export interface PresentEnvironment {
  readonly spec: EnvironmentSpec;
  readonly repositoryId: RepositoryId;
  readonly deployedAt: Date;
  /** Absent: no end. */
  readonly expiresAt?: Date;
}

export interface EnvironmentInput {
  readonly desired: PresentEnvironment;
  /** As the chart or the bundle gave them, in any order. */
  readonly components: readonly Component[];
  readonly config: Config;
  /** @default 'fast' */
  readonly serializer?: Serializer;
}

export interface EnvironmentFiles {
  readonly files: FileTree;
  readonly record: EnvironmentRecord;
}

/**
 * An environment's directory: record, README, the frame, and one file for each component. The same input gives the same bytes.
 * @throws UserError EmptyEnvironment, EmptyComponent, InvalidManifest, UnknownPreset
 */
export const environmentFiles = ({ desired, components, config, serializer }: EnvironmentInput): EnvironmentFiles => {
  const { spec } = desired;
  assertFull(components, spec);
  const finished = [...components].sort((a, b) => (a.name < b.name ? -1 : 1)).map((each) => finish(each, spec));
  const frame = frameOf(spec, finished, config);
  const record = recordOf(desired, finished);
  const write = (manifests: readonly Manifest[]): string => serialize(manifests, serializer);
  const files = new Map<string, string>([
    ['README.md', readmeOf({ record, components: finished, spec, forge: config.forge })],
    ['environment.json', printRecord(record)],
    ['manifests/namespace.yaml', write([tidy(frame.namespace)])],
    ['manifests/frame.yaml', write(frame.objects.map(tidy))],
    ...finished.map(({ name, manifests }): [string, string] => [`manifests/${name}.yaml`, write(manifests)]),
  ]);
  return { files, record };
};

const finish = (component: Component, spec: EnvironmentSpec): Component => ({
  name: component.name,
  manifests: component.manifests.map((manifest) => {
    const own = tidy(inNamespace(manifest, spec.name));
    return nameJob(spec.state === 'active' ? own : asleep(own));
  }),
});

/** Flux has no namespace to fall back on. What names another one is policy's to refuse. */
const inNamespace = (manifest: Manifest, namespace: string): Manifest =>
  manifest.metadata.namespace === undefined ? { ...manifest, metadata: { ...manifest.metadata, namespace } } : manifest;

const recordOf = (
  { spec, repositoryId, deployedAt, expiresAt }: PresentEnvironment,
  components: readonly Component[],
): EnvironmentRecord => ({
  schemaVersion: '1',
  name: spec.name,
  application: spec.application,
  environment: spec.environment,
  preset: spec.preset,
  state: spec.state,
  cluster: spec.cluster,
  repository: spec.repository,
  repositoryId,
  pullRequest: spec.pullRequest,
  headSha: spec.headSha,
  url: urlOfEnvironment(components, spec),
  components: components.map(({ name }) => name),
  images: spec.images,
  deployedAt: printTime(deployedAt),
  expiresAt: expiresAt === undefined ? '' : printTime(expiresAt),
});

const assertFull = (components: readonly Component[], spec: EnvironmentSpec): void => {
  const remedy = 'Look at the chart: each component has at least one object.';
  if (components.length === 0)
    throw userError('EmptyEnvironment', `the chart of "${spec.application}" gives no objects`, { remedy });
  const empty = components.filter(({ manifests }) => manifests.length === 0).map(({ name }) => name);
  if (empty.length > 0)
    throw userError('EmptyComponent', `no objects in ${empty.join(', ')} of ${spec.application}`, { remedy });
};
