import { join } from 'node:path';
import { Shop } from '../charts/shop.js';
import { loadConfig } from '../src/config/load.js';
import type { Config } from '../src/config/config.js';
import type { EnvironmentSpec } from '../src/model/environment.js';
import type { FilePath } from '../src/model/manifest.js';
import {
  type ComponentName,
  applicationName,
  componentName,
  directoryOf,
  environmentName,
  joinedName,
  presetName,
} from '../src/model/names.js';
import { commitSha, repositoryId, repositoryName } from '../src/model/pull-request.js';
import { environmentFiles } from '../src/synth/environment.js';

const packageDirectory = join(import.meta.dirname, '..');

interface Sample {
  readonly number: string;
  readonly headSha: string;
  readonly with: readonly ComponentName[];
  readonly deployedAt: Date;
  readonly expiresAt: Date;
}

/** Two pull requests of the reference application: one as it comes, one that asked for the mailer. */
const samples: readonly Sample[] = [
  {
    number: '42',
    headSha: '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d',
    with: [],
    deployedAt: new Date('2026-11-23T10:04:05Z'),
    expiresAt: new Date('2026-11-30T10:04:05Z'),
  },
  {
    number: '57',
    headSha: '9f8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c',
    with: [componentName('mailer')],
    deployedAt: new Date('2026-11-24T16:30:00Z'),
    expiresAt: new Date('2026-12-01T16:30:00Z'),
  },
];

/** Every file of the committed sample, below the repository's root, by path. */
export const sampleEnvironments = (): ReadonlyMap<FilePath, string> => {
  const config = loadConfig(join(packageDirectory, 'bivouac.yaml'));
  return new Map(samples.flatMap((sample) => sampleFiles(sample, config)));
};

const sampleFiles = (sample: Sample, config: Config): readonly (readonly [FilePath, string])[] => {
  const spec = sampleSpec(sample, config);
  const { components } = Shop.synthesize(spec);
  const { deployedAt, expiresAt } = sample;
  const desired = { spec, repositoryId: repositoryId('724712'), deployedAt, expiresAt };
  const { files } = environmentFiles({ desired, components, config });
  return [...files].map(([path, text]) => [`${directoryOf(spec)}/${path}`, text]);
};

const sampleSpec = ({ number, headSha, with: added }: Sample, config: Config): EnvironmentSpec => {
  const id = { application: applicationName('shop'), environment: environmentName(`pr-${number}`) };
  const application = config.applications.get(id.application);
  const images = Object.entries(application?.images ?? {}).map(([name, { template }]) => [
    name,
    (template ?? '').replace('{headSha}', headSha).replace('{number}', number),
  ]);
  return {
    ...id,
    name: joinedName(id),
    preset: presetName('pull-request'),
    cluster: config.cluster.name,
    domain: config.domain,
    exposure: config.cluster.exposure,
    repository: repositoryName('acme/shop'),
    pullRequest: number,
    headSha: commitSha(headSha),
    state: 'active',
    with: added,
    without: [],
    images: Object.fromEntries(images) as Record<string, string>,
    variables: { ...application?.variables },
  };
};
