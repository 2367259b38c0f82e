import type { Application, Config, Preset } from '../../config/config.js';
import { isBivouacError } from '../../model/errors.js';
import { givenEnvironment, pullRequestEnvironment } from '../../model/names.js';

/** A name that was cut ends in so many hexadecimal digits. */
const hash = '-??????';
/** Decimal digits of the largest pull request number, 2147483647. */
const longestNumber = 10;

/**
 * Globs for the namespaces of one application: `shop-pr-*` for each prefix in use, which is every preset's, with every repository's. Where
 * a long name would be cut there is one for each way of cutting it. `shop-*` would be `shop-production`, too. Sorted.
 */
export const namespacePatterns = (
  application: Application,
  { presets }: Pick<Config, 'presets'>,
): readonly string[] => {
  const words = [...presets.values()].flatMap((preset) => [
    ...givenWords(application, preset),
    ...application.repositories.flatMap(({ prefix }) => pullRequestWords(application, preset, prefix)),
  ]);
  return [...new Set(words)].sort().map((word) => `${application.name}-${word}`);
};

const givenWords = ({ name: application }: Application, { name: preset, prefix }: Preset): readonly string[] => {
  const long = 'x'.repeat(64);
  const name = givenEnvironment({ application, preset, presetPrefix: prefix, given: long, slug: long });
  const whole = `${prefix}-*`;
  return name.startsWith(`${prefix}-`) ? [whole] : [whole, `${name.slice(0, -hash.length)}${hash}`];
};

type RepositoryPrefix = Application['repositories'][number]['prefix'];

const pullRequestWords = (
  { name: application }: Application,
  { name: preset, prefix: presetPrefix }: Preset,
  repositoryPrefix: RepositoryPrefix,
): readonly string[] => {
  const words = repositoryPrefix === undefined ? presetPrefix : `${repositoryPrefix}-${presetPrefix}`;
  const cut = Array.from({ length: longestNumber }, (_, index) => 10 ** index).flatMap((number) => {
    const naming = { application, preset, presetPrefix, number, ...(repositoryPrefix && { repositoryPrefix }) };
    const name = whenItFits(() => pullRequestEnvironment(naming));
    const digits = String(number).length;
    if (name === undefined || name === `${words}-${number}`) return [];
    return [`${name.slice(0, -digits - hash.length)}${'[0-9]'.repeat(digits)}${hash}`];
  });
  return [`${words}-*`, ...cut];
};

const whenItFits = (name: () => string): string | undefined => {
  try {
    return name();
  } catch (error) {
    if (isBivouacError(error) && error.code === 'NameTooLong') return undefined;
    throw error;
  }
};
