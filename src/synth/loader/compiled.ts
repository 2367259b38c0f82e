import type { Application } from '../../config/config.js';
import type { EnvironmentSpec } from '../../model/environment.js';
import { environmentName, joinedName, presetName } from '../../model/names.js';
import { commitSha, type RepositoryName } from '../../model/pull-request.js';
import type { Guard } from './deadline.js';
import { loadScript } from './script.js';
import type { ChartClass } from './select.js';

/** What a chart bundle exports. */
export interface PrebuiltCharts {
  readonly charts: Readonly<Record<string, ChartClass['synthesize']>>;
}

/** Runs every chart of a new bundle once, and keeps the compiled form beside it for this machine; see `loadScript`. */
export const keepCompiled = (file: string, applications: readonly Application[], guarded: Guard): void => {
  const script = guarded(() => loadScript(file));
  const { charts } = script.exports as PrebuiltCharts;
  for (const application of applications) {
    try {
      guarded(() => charts[application.name]?.(trial(application)));
    } catch {
      // a chart may need more than can be made up here: its functions are compiled when they run, then
    }
  }
  script.keep();
};

const trial = ({ name, images, repositories, variables }: Application): EnvironmentSpec => {
  const environment = environmentName('pr-1');
  return {
    application: name,
    environment,
    name: joinedName({ application: name, environment }),
    preset: presetName('pull-request'),
    cluster: 'in-cluster',
    domain: 'preview.example.com',
    exposure: { kind: 'ingress', class: '', tls: 'none', annotations: {} },
    repository: repositories[0]?.name ?? ('acme/trial' as RepositoryName),
    pullRequest: '1',
    headSha: commitSha('0'.repeat(40)),
    state: 'active',
    with: [],
    without: [],
    images: Object.fromEntries(Object.keys(images).map((image) => [image, `registry.example/${image}:1`])),
    variables,
  };
};
