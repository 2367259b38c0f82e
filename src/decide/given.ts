import slugify from '@sindresorhus/slugify';
import type { Config } from '../config/config.js';
import { userError } from '../model/errors.js';
import { givenEnvironment, type ApplicationName, type EnvironmentId, type PresetName } from '../model/names.js';
import { didYouMean, quote } from './text.js';
import { unknownApplication } from './unknown-application.js';

export interface GivenName {
  readonly application: ApplicationName;
  readonly preset: PresetName;
  /** What a person typed behind `--name`, in any script. */
  readonly given: string;
}

/** Longer names tell nobody more, and end in a hash long before. */
const givenLimit = 300;

/**
 * `shop/demo-acme`: the environment that a preset without a pull request gets for a given name.
 * @throws UserError UnknownApplication, UnknownPreset, InvalidName when the name doesn't begin with a letter or is longer than 300 characters
 */
export const givenId = ({ application, preset, given }: GivenName, config: Config): EnvironmentId => {
  if (!config.applications.has(application)) throw unknownApplication(application, config);
  const known = config.presets.get(preset);
  if (known === undefined)
    throw userError(
      'UnknownPreset',
      `There is no preset ${quote(preset)}.${didYouMean(preset, config.presets.keys())}`,
    );
  if (!/^\p{L}/u.test(given) || given.length > givenLimit)
    throw userError('InvalidName', `${quote(given)} is no name for an environment`, {
      remedy: `Begin it with a letter and stay within ${givenLimit} characters, e.g. --name acme.`,
    });
  const slug = slugify(given, { decamelize: false });
  return {
    application,
    environment: givenEnvironment({ application, preset, presetPrefix: known.prefix, given, slug }),
  };
};
