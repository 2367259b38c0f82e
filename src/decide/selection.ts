import { isBivouacError } from '../model/errors.js';
import { componentLimit, componentName, type ComponentName } from '../model/names.js';
import { withLabel, withoutLabel } from './labels.js';
import type { Question } from './question.js';
import { sortedUnique } from './sorted.js';
import { quote } from './text.js';

export interface Selection {
  readonly with: readonly ComponentName[];
  readonly without: readonly ComponentName[];
}

interface Wish {
  readonly name: string;
  readonly path: string;
}
interface Layer {
  readonly with: readonly Wish[];
  readonly without: readonly Wish[];
}

/** Who may ask, weakest first: the override file, labels, flags. */
const layersOf = ({ override, labels, facts }: Question): readonly Layer[] => {
  const under = (names: readonly string[] | undefined, pathOf: (name: string) => string): readonly Wish[] =>
    (names ?? []).map((name) => ({ name, path: pathOf(name) }));
  return [
    {
      with: under(override?.with, () => '.bivouac.yaml: components.with'),
      without: under(override?.without, () => '.bivouac.yaml: components.without'),
    },
    {
      with: under(labels.with, (name) => `label ${quote(withLabel(name))}`),
      without: under(labels.without, (name) => `label ${quote(withoutLabel(name))}`),
    },
    { with: under(facts.asked?.with, () => '--with'), without: under(facts.asked?.without, () => '--without') },
  ];
};

/** What is asked for and left out, of valid wishes; within one layer `without` wins. The chart adds what these refer to. */
export const selectionOf = (question: Question): Selection => {
  const chosen = new Map<ComponentName, 'with' | 'without'>(recorded(question).map((name) => [name, 'with']));
  for (const layer of layersOf(question)) {
    for (const { name } of layer.with) chosen.set(componentName(name), 'with');
    for (const { name } of layer.without) chosen.set(componentName(name), 'without');
  }
  const named = (side: 'with' | 'without'): readonly ComponentName[] =>
    sortedUnique([...chosen].filter(([, choice]) => choice === side).map(([name]) => name));
  return { with: named('with'), without: named('without') };
};

/** Without a pull request nothing but the record remembers what `up` asked for: a sweep mustn't drop it. */
const recorded = ({ pullRequest, facts, record }: Question): readonly ComponentName[] =>
  pullRequest === undefined && facts.asked === undefined ? (record?.components ?? []) : [];

/** Malformed names, and wishes where the platform allows none. */
export const selectionProblems = (question: Question): readonly string[] => {
  const { name, overrides } = question.application;
  return layersOf(question)
    .flatMap((layer) => [...layer.with, ...layer.without])
    .flatMap((wish) => {
      if (!isComponentName(wish.name))
        return [
          `${wish.path}: ${quote(wish.name)} is no component name (lower-case letters, digits and dashes, at most ${componentLimit})`,
        ];
      return overrides.components ? [] : [`${wish.path}: applications.${name}.overrides.components is false`];
    });
};

const isComponentName = (text: string): boolean => {
  try {
    componentName(text);
    return true;
  } catch (error) {
    if (isBivouacError(error)) return false;
    throw error;
  }
};
