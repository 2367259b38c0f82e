import type { Config } from '../config/config.js';
import { defaultPreset, hasName } from './candidates.js';
import { presetLabel } from './labels.js';
import type { Question } from './question.js';
import { didYouMean, quote } from './text.js';

interface PresetWish {
  readonly text: string;
  /** Where somebody wrote it. */
  readonly path: string;
}

/** Labels are stronger than the override file; empty: nobody asks for a particular one. */
const wishesOf = ({ labels, override }: Question): readonly PresetWish[] => {
  if (labels.presets.length > 0)
    return labels.presets.map((text) => ({ text, path: `label ${quote(presetLabel(text))}` }));
  return override?.preset === undefined ? [] : [{ text: override.preset, path: '.bivouac.yaml: preset' }];
};

/** Whether labels, override file or nobody's word to the contrary ask for this preset. */
export const isWished = (question: Question): boolean => {
  if (question.pullRequest === undefined) return true;
  const wishes = wishesOf(question);
  if (wishes.some(({ text }) => text === question.facts.preset)) return true;
  if (question.facts.preset !== defaultPreset) return false;
  return wishes.length === 0 || presetProblems(question).length > 0;
};

/** Why a wish for a preset can't be granted: all of them for `pull-request`, its own for another one. */
export const presetProblems = (question: Question): readonly string[] => {
  const { facts, config } = question;
  if (question.pullRequest === undefined)
    return question.preset === undefined ? [`preset ${quote(facts.preset)} is unknown`] : [];
  return wishesOf(question)
    .filter(({ text }) => facts.preset === defaultPreset || facts.preset === text)
    .flatMap((wish) => problemOf(wish, question, config));
};

const problemOf = ({ text, path }: PresetWish, question: Question, config: Config): readonly string[] => {
  const { application, pullRequest } = question;
  const preset = [...config.presets.values()].find(({ name }) => name === text);
  if (preset === undefined)
    return [`${path}: there is no preset ${quote(text)}.${didYouMean(text, config.presets.keys())}`];
  if (preset.name !== defaultPreset && !application.overrides.presets.includes(preset.name))
    return [`${path}: preset "${text}" isn't one of applications.${application.name}.overrides.presets`];
  if (pullRequest !== undefined && !hasName({ application, preset, ref: pullRequest }))
    return [`${path}: with number ${pullRequest.number} the name would be longer than 40 characters`];
  return [];
};
