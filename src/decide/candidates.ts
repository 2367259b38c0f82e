import type { Application, Config, Preset } from '../config/config.js';
import { isBivouacError } from '../model/errors.js';
import { pullRequestEnvironment, presetName, type EnvironmentName } from '../model/names.js';
import type { PullRequestRef, RepositoryName } from '../model/pull-request.js';
import type { Candidate } from './facts.js';

/** The preset of a pull request that asks for none. */
export const defaultPreset = presetName('pull-request');

/** Which pull request, for its names. */
export type PullRequestKey = Pick<PullRequestRef, 'repository' | 'number'>;

/**
 * Every application and preset that a pull request may concern: applications in the configuration's order, `pull-request` first.
 * Empty: no application names the repository. A preset whose prefix leaves no room for the number is left out.
 * @throws UserError NameTooLong when that is `pull-request`
 */
export const candidates = (ref: PullRequestKey, config: Config): readonly Candidate[] => {
  const presets = [...config.presets.values()].sort(
    (a, b) => Number(b.name === defaultPreset) - Number(a.name === defaultPreset),
  );
  return [...config.applications.values()]
    .filter((application) => application.repositories.some(({ name }) => sameRepository(name, ref.repository)))
    .flatMap((application) => presets.flatMap((preset) => candidate({ application, preset, ref })));
};

interface Naming {
  readonly application: Application;
  readonly preset: Preset;
  readonly ref: PullRequestKey;
}

const candidate = (naming: Naming): readonly Candidate[] => {
  const environment = naming.preset.name === defaultPreset ? nameFor(naming) : whenShortEnough(() => nameFor(naming));
  if (environment === undefined) return [];
  return [{ id: { application: naming.application.name, environment }, preset: naming.preset.name }];
};

/** Whether a preset's environment of this pull request has a name. */
export const hasName = (naming: Naming): boolean => whenShortEnough(() => nameFor(naming)) !== undefined;

const nameFor = ({ application, preset, ref }: Naming): EnvironmentName => {
  const repository = application.repositories.find(({ name }) => sameRepository(name, ref.repository));
  return pullRequestEnvironment({
    application: application.name,
    preset: preset.name,
    presetPrefix: preset.prefix,
    ...(repository?.prefix === undefined ? {} : { repositoryPrefix: repository.prefix }),
    number: ref.number,
  });
};

const whenShortEnough = (name: () => EnvironmentName): EnvironmentName | undefined => {
  try {
    return name();
  } catch (error) {
    if (isBivouacError(error) && error.code === 'NameTooLong') return undefined;
    throw error;
  }
};

/** Code hosts don't tell `Acme/Shop` from `acme/shop`. */
export const sameRepository = (a: RepositoryName, b: RepositoryName): boolean => a.toLowerCase() === b.toLowerCase();
