import type { Config } from '../../src/config/config.js';
import type { EnvironmentSpec } from '../../src/model/environment.js';
import { applicationName, componentName, environmentName, joinedName, presetName } from '../../src/model/names.js';
import { commitSha, repositoryId, repositoryName } from '../../src/model/pull-request.js';
import type { PresentEnvironment } from '../../src/synth/environment.js';

/** An environment like no other: all that differs between pull requests does, or caches would lie. */
export const specOf = (number: number, config: Config): EnvironmentSpec => {
  const application = applicationName('shop');
  const environment = environmentName(`pr-${number}`);
  const headSha = commitSha((number * 2_654_435_761).toString(16).padStart(40, '9e3779b9'));
  return {
    application,
    environment,
    name: joinedName({ application, environment }),
    preset: presetName('pull-request'),
    cluster: config.cluster.name,
    domain: config.domain,
    exposure: config.cluster.exposure,
    repository: repositoryName('acme/shop'),
    pullRequest: String(number),
    headSha,
    state: 'active',
    with: [componentName('mailer')],
    without: [],
    images: {
      api: `ghcr.io/acme/shop-api:${headSha}`,
      web: `ghcr.io/acme/shop-web:${headSha}`,
      seed: 'ghcr.io/acme/shop-seed:1.4.0',
    },
    variables: { LOG_LEVEL: 'info', RELEASE: headSha.slice(0, 12) },
  };
};

export const desiredOf = (number: number, config: Config): PresentEnvironment => ({
  spec: specOf(number, config),
  repositoryId: repositoryId('724712'),
  deployedAt: new Date('2026-11-23T10:04:05Z'),
  expiresAt: new Date('2026-11-30T10:04:05Z'),
});
