import type { Config } from '../config/config.js';
import { userError } from '../model/errors.js';
import type { InitFile } from './file.js';
import { hasTwoStages } from './workflows.js';

export const ciSystems = ['github', 'gitlab', 'circleci', 'jenkins'] as const;
export type CiSystem = (typeof ciSystems)[number];

/** Texts of `templates/github-actions/`, by file name. */
export type Workflows = ReadonlyMap<string, string>;

/**
 * The workflows of an application's repository. Without a configuration beside it, charts and bivouac.yaml are in a platform repository;
 * with one they are here, and where forks or charts beside credentials are a matter, there are two stages.
 * @throws UserError CiUnsupported
 */
export const applicationFiles = (
  ci: CiSystem,
  workflows: Workflows,
  config: Pick<Config, 'applications'> | undefined,
): readonly InitFile[] => {
  if (ci !== 'github')
    throw userError('CiUnsupported', `this version writes workflows for GitHub Actions, not yet for ${ci}`, {
      where: '--ci',
      remedy:
        'The one step that a job needs is `npx --no bivouac reconcile`; docs/configuration.md lists the variables that it takes.',
    });
  return namesFor(config).map(([from, to]) => ({
    path: `.github/workflows/${to}`,
    text: workflows.get(from) ?? missing(from),
    ownership: 'once',
  }));
};

type Name = readonly [from: string, to: string];

const namesFor = (config: Pick<Config, 'applications'> | undefined): readonly Name[] => {
  if (config === undefined)
    return ['environment', 'comments'].map((name) => [`${name}-from-platform.yml`, `${name}.yml`]); // the first sweeps, too
  const names = [
    ...(hasTwoStages(config) ? ['render.yml', 'publish.yml'] : ['environment.yml']),
    'comments.yml',
    'sweep.yml',
  ];
  return names.map((name) => [name, name]);
};

const missing = (name: string): never => {
  throw new Error(`the package lacks templates/github-actions/${name}`);
};
