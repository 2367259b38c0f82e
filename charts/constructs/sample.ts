import type { EnvironmentSpec, Exposure } from '../../src/model/environment.js';
import { applicationName, componentName, environmentName, joinedName, presetName } from '../../src/model/names.js';
import { commitSha, repositoryName } from '../../src/model/pull-request.js';

/** What a test or a trial cares about; plain text, checked. */
export interface SampleProps {
  /** @default 'shop' */
  readonly application?: string;
  /** Number of the pull request. @default '42' */
  readonly pullRequest?: string;
  /** @default 'pull-request' */
  readonly preset?: string;
  /** Full commit id. @default - one made up */
  readonly headSha?: string;
  /** By the names that the chart passes to `this.image()`. @default {} */
  readonly images?: Readonly<Record<string, string>>;
  /** @default {} */
  readonly variables?: Readonly<Record<string, string>>;
  /** Components asked for. @default [] */
  readonly with?: readonly string[];
  /** Components left out. @default [] */
  readonly without?: readonly string[];
  /** @default - an Ingress of the default class, http */
  readonly exposure?: Partial<Exposure>;
}

/**
 * An environment to try a chart with, without a cluster: `Shop.synthesize(sampleEnvironment({ images: { … } }))`.
 * @throws UserError InvalidName, InvalidCommit
 */
export const sampleEnvironment = (props: SampleProps = {}): EnvironmentSpec => {
  const application = applicationName(props.application ?? 'shop');
  const pullRequest = props.pullRequest ?? '42';
  const environment = environmentName(`pr-${pullRequest}`);
  return {
    application,
    environment,
    name: joinedName({ application, environment }),
    preset: presetName(props.preset ?? 'pull-request'),
    cluster: 'in-cluster',
    domain: 'preview.example.com',
    exposure: { kind: 'ingress', class: '', tls: 'none', annotations: {}, ...props.exposure },
    repository: repositoryName(`acme/${application}`),
    pullRequest,
    headSha: commitSha(props.headSha ?? '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d'),
    state: 'active',
    with: (props.with ?? []).map(componentName),
    without: (props.without ?? []).map(componentName),
    images: props.images ?? {},
    variables: props.variables ?? {},
  };
};
