import { resolve } from 'node:path';
import type { Manifest } from '../model/manifest.js';
import { type ApplicationName, applicationName, prefix, presetName, type PresetName } from '../model/names.js';
import { repositoryName } from '../model/pull-request.js';
import { readAddress } from './addresses.js';
import type { Application, ChartReference, Cluster, Config, ImageSource, Limits, Preset } from './config.js';
import { parseDuration } from './duration.js';
import { allPresets } from './filled.js';
import { deepFreeze } from './freeze.js';
import { type FilledApplication, imageOf, repositoryOf } from './schema-application.js';
import type { FilledConfig } from './schema.js';

/** Where a configuration comes from, and what its `frame` holds. */
export interface Origin {
  /** Absent: the embedded default. */
  readonly file?: string;
  readonly directory: string;
  readonly frame: readonly Manifest[];
}

/** The written form, free of problems, as the complete and frozen `Config`. */
export const normalize = (written: FilledConfig, origin: Origin): Config => {
  const { gitops, controller, feedback, forge } = written;
  const { registries, ...policy } = written.policy;
  const config: Config = {
    ...(origin.file !== undefined && { file: origin.file }),
    directory: origin.directory,
    gitops: { repository: absolute(gitops.repository, origin.directory), branch: gitops.branch },
    controller: { kind: controller.kind, ...(controller.url !== undefined && { url: trim(controller.url) }) },
    domain: written.domain,
    cluster: clusterOf(written.cluster, origin.frame),
    applications: applicationsOf(written, origin.directory),
    presets: presetsOf(written),
    limits: { ...written.limits, removals: removalsOf(written.limits.removals) },
    policy: { ...policy, ...(registries !== undefined && { registries }) },
    feedback,
    forge: { kind: forge.kind, url: trim(forge.url ?? `https://${forge.kind}.com`) },
  };
  return deepFreeze(config);
};

const trim = (url: string): string => url.replace(/\/+$/, '');

/** A local path becomes absolute, so that it means the same wherever git runs. */
const absolute = (repository: string, directory: string): string => {
  const address = readAddress(repository);
  return 'kind' in address && address.kind === 'local' ? resolve(directory, address.path) : repository;
};

const removalsOf = (written: number | string): Limits['removals'] =>
  typeof written === 'number' ? { count: written } : { percent: Number(written.slice(0, -1)) };

const clusterOf = (written: FilledConfig['cluster'], frame: readonly Manifest[]): Cluster => ({
  name: written.name,
  exposure: {
    kind: written.exposure,
    class: written.ingressClass ?? '',
    tls: written.tls,
    annotations: written.ingressAnnotations,
  },
  ingressNamespace: written.ingressNamespace,
  imagePullSecrets: written.imagePullSecrets,
  namespaceLabels: written.namespaceLabels,
  egress: written.egress,
  frame,
});

const presetsOf = (written: FilledConfig): ReadonlyMap<PresetName, Preset> =>
  new Map(
    [...allPresets(written.presets)].map(([key, preset]) => {
      const name = presetName(key);
      return [
        name,
        {
          name,
          prefix: prefix(preset.prefix),
          ...(preset.lifetime !== 'none' && { lifetime: parseDuration(preset.lifetime) }),
          quota: { ...preset.quota },
          variables: preset.variables ?? {},
        },
      ];
    }),
  );

const applicationsOf = (written: FilledConfig, directory: string): ReadonlyMap<ApplicationName, Application> =>
  new Map(
    Object.entries(written.applications).map(([key, application]) => {
      const name = applicationName(key);
      const { overrides } = application;
      return [
        name,
        {
          name,
          chart: chartOf(application.chart, directory),
          repositories: application.repositories.map(repositoryOf).map((repository) => ({
            name: repositoryName(repository.name),
            ...(repository.prefix !== undefined && { prefix: prefix(repository.prefix) }),
          })),
          images: imagesOf(application.images),
          pullRequests: { ...written.pullRequests, ...given(application.pullRequests) },
          variables: application.variables,
          overrides: {
            ...overrides,
            lifetime: parseDuration(overrides.lifetime),
            presets: overrides.presets.map(presetName),
          },
        },
      ];
    }),
  );

/** Without the keys that are there as `undefined`. */
const given = <Value extends object>(value: Value): { [Key in keyof Value]?: Exclude<Value[Key], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as {
    [Key in keyof Value]?: Exclude<Value[Key], undefined>;
  };

const chartOf = (written: string, directory: string): ChartReference => {
  const [file = '', exportName] = written.split('#');
  return { file: resolve(directory, file), ...(exportName !== undefined && { exportName }) };
};

const imagesOf = (written: FilledApplication['images']): Readonly<Record<string, ImageSource>> =>
  Object.fromEntries(
    Object.entries(written).map(([name, one]) => {
      const { image, repository, otherwise } = imageOf(one);
      return [
        name,
        {
          ...(image !== undefined && { template: image }),
          ...(repository !== undefined && { repository: repositoryName(repository) }),
          ...(otherwise !== undefined && { otherwise }),
        },
      ];
    }),
  );
