import { BivouacError, isBivouacError, userError } from '../model/errors.js';
import { withoutImageFlag } from './image-remedy.js';
import type { Place } from './platform-place.js';

/** What is wrong with a version of the platform, for whoever runs the service: its remedies, and no path that only it knows. */
export function forService(thrown: unknown, directory: string, place: Pick<Place, 'originOf' | 'configFile'>): unknown {
  const error = withoutImageFlag(thrown);
  if (!isBivouacError(error)) return error;
  const origin = place.originOf(directory);
  if (origin === undefined) return withRemedy(error, remedyFor(error, false));
  if (error.code === 'ConfigNotFound')
    return userError('ConfigNotFound', `${origin} has no ${place.configFile}`, {
      where: '--platform-repository',
      remedy: 'Give --config with its path in that repository, or another --platform-branch.',
    });
  const named = (text: string): string => text.replaceAll(`${directory}/`, '').replaceAll(directory, origin);
  const { class: kind, code, message, where, changed, data } = error;
  const remedy = remedyFor(error, true);
  return new BivouacError({
    ...{ class: kind, code, message: named(message), changed: named(changed), data, cause: error },
    where: where === undefined ? origin : `${named(where)} of ${origin}`,
    ...(remedy !== undefined && { remedy: named(remedy) }),
  });
}

const withRemedy = (error: BivouacError, remedy: string | undefined): BivouacError => {
  if (remedy === error.remedy || remedy === undefined) return error;
  const { class: kind, code, message, where, changed, data } = error;
  const at = where === undefined ? {} : { where };
  return new BivouacError({ ...{ class: kind, code, message, changed, data, remedy, cause: error }, ...at });
};

/** A job is told of a job’s token; a service has one that doesn’t end with it, and installs no packages. */
const remedyFor = ({ data, remedy }: BivouacError, isCheckout: boolean): string | undefined => {
  if (data['lacks'] === 'github')
    return 'Set BIVOUAC_GITHUB_TOKEN to a token with contents: read, and pull requests and deployments: write, on the application’s repositories; or BIVOUAC_APP_ID and BIVOUAC_PRIVATE_KEY of a GitHub App that has them.';
  if (data['lacks'] === 'package' && isCheckout)
    return 'Commit the charts.bundle.cjs that `bivouac build` writes: the service installs no packages.';
  return remedy;
};
