import type { Config } from '../config/config.js';

/** `uses: acme/bivouac@<commit> # v0.1.0`, whoever's copy it is. */
const step = /(\buses:[ \t]*["']?)[^\s"'#@]+\/bivouac(?:\/[^\s"'@]*)?@[^\s"']+(["']?)(?:[ \t]+#.*)?/g;

/** Whether a workflow runs Bivouac's action. */
export const usesBivouac = (text: string): boolean => text.search(step) >= 0;

/** What our templates name until somebody puts in a copy of their own; undefined: somebody has. */
export const placeholderIn = (text: string): string | undefined => /\bacme\/bivouac@0{40}\b/.exec(text)?.[0];

/** The text whatever copy of Bivouac it uses, and whatever is noted beside it. */
export const withoutCopy = (text: string): string => text.replace(step, '$1bivouac$2').replace(placeholderNote, '');

/** Goes with the placeholder. */
const placeholderNote = /^[ \t]*# A placeholder: .*\n/gm;

/** Where forks or charts beside credentials are a matter, what renders has no credentials, and what publishes no charts. */
export const hasTwoStages = ({ applications }: Pick<Config, 'applications'>): boolean =>
  [...applications.values()].some(
    ({ pullRequests }) => pullRequests.forks === 'approved' || pullRequests.charts === 'platform',
  );

const oneStage: readonly string[] = ['environment.yml'];
const twoStages: readonly string[] = ['render.yml', 'publish.yml'];

/** Those of the names that aren't of the set-up which the configuration asks for: beside it they do everything a second time. */
export const otherSetUp = (names: readonly string[], hasTwo: boolean): readonly string[] => {
  const [wanted, other] = hasTwo ? [twoStages, oneStage] : [oneStage, twoStages];
  return names.some((name) => wanted.includes(name)) ? other.filter((name) => names.includes(name)) : [];
};
