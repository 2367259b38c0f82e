import { labels as names } from './labels.js';
import { presetProblems } from './presets.js';
import type { Question } from './question.js';
import { selectionProblems } from './selection.js';
import { quote, spoken } from './text.js';

/** Everything that labels, override file and flags ask for and the platform doesn't allow, each with its place. */
export const overrideProblems = (question: Question): readonly string[] => [
  ...new Set([
    ...presetProblems(question),
    ...selectionProblems(question),
    ...variableProblems(question),
    ...lifetimeProblems(question),
    ...keepProblems(question),
  ]),
];

const variableProblems = ({ override, application }: Question): readonly string[] =>
  Object.keys(override?.variables ?? {})
    .filter((variable) => !application.overrides.variables.includes(variable))
    .sort()
    .map(
      (variable) =>
        `.bivouac.yaml: variables: ${quote(variable)} isn't one of applications.${application.name}.overrides.variables`,
    );

const lifetimeProblems = ({ override, facts, application }: Question): readonly string[] =>
  [
    { path: '.bivouac.yaml: lifetime', lifetime: override?.lifetime },
    { path: '--lifetime', lifetime: facts.asked?.lifetime },
  ]
    .filter(({ lifetime }) => lifetime !== undefined && lifetime > application.overrides.lifetime)
    .map(({ path }) => `${path}: the longest that may be asked for is ${spoken(application.overrides.lifetime)}`);

const keepProblems = ({ labels, application }: Question): readonly string[] =>
  labels.keep && !application.overrides.keep
    ? [`label "${names.keep}": applications.${application.name}.overrides.keep is false`]
    : [];
