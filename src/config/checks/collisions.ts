import { allPresets, type Filled } from '../filled.js';
import { type Finding, printPath, quote } from '../issue.js';
import { builtInPresets } from '../presets.js';
import { repositoryOf } from '../schema-application.js';

interface Pair {
  /** `shop-api-pr-`: what every joined name of this pair begins with. */
  readonly start: string;
  readonly application: string;
  readonly preset: string;
  readonly repository: string;
  readonly path: readonly PropertyKey[];
}

/** Two (application, prefix) pairs whose names could join to one: `shop` + `demo-pr-1` and `shop-demo` + `pr-1`. */
export const checkCollisions = (filled: Filled): readonly Finding[] => {
  const pairs = pairsOf(filled);
  const told = new Set<string>();
  const findings: Finding[] = [];
  // whatever begins with a text stands right behind it when sorted
  for (const [i, pair] of pairs.entries())
    for (const other of pairs.slice(i + 1)) {
      if (!other.start.startsWith(pair.start)) break;
      const key = keyOf(pair, other);
      if (told.has(key)) continue;
      told.add(key);
      findings.push(collision(pair, other));
    }
  return findings;
};

/** Two applications are told of once, and two places of one application once. */
const keyOf = (a: Pair, b: Pair): string =>
  (a.application === b.application ? [printPath(a.path), printPath(b.path)] : [a.application, b.application])
    .sort()
    .join(' ');

const collision = (pair: Pair, other: Pair): Finding => {
  // told where something can be changed: at a prefix that was written rather than at an application
  const [first, second] = pair.path.length > other.path.length ? [other, pair] : [pair, other];
  return {
    path: second.path,
    message:
      `environments of ${describePair(first)} and of ${describePair(second)} could get one name: ` +
      `${quote(other.start)} begins with ${quote(pair.start)}.`,
    remedy:
      first.application === second.application
        ? 'Give one of them another prefix.'
        : `Rename ${quote(other.application)}, or change the prefix ${quote(pair.start.slice(pair.application.length + 1, -1))}.`,
  };
};

const describePair = ({ application, preset, repository }: Pair): string =>
  `${quote(application)} (${preset}, ${repository})`;

const pairsOf = (filled: Filled): readonly Pair[] => {
  const presets = [...allPresets(filled.presets)];
  return Object.entries(filled.applications)
    .flatMap(([application, { repositories }]) =>
      repositories.map(repositoryOf).flatMap(({ name, prefix }, i) => {
        if (i > 0 && prefix === undefined) return []; // told elsewhere
        return presets.map(([preset, { prefix: word }]): Pair => ({
          start: [application, ...(prefix === undefined ? [] : [prefix]), word, ''].join('-'),
          application,
          preset,
          repository: name,
          path: placeOf({ application, preset, index: i, prefix }, filled),
        }));
      }),
    )
    .sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
};

/** Where a person can change it: the repository's prefix, else the preset's if it is written, else the application. */
const placeOf = (
  at: { application: string; preset: string; index: number; prefix: string | undefined },
  { presets }: Filled,
): readonly PropertyKey[] => {
  if (at.prefix !== undefined) return ['applications', at.application, 'repositories', at.index, 'prefix'];
  const own = presets[at.preset]?.prefix;
  return own !== undefined && own !== builtInPresets[at.preset]?.prefix
    ? ['presets', at.preset, 'prefix']
    : ['applications', at.application];
};
