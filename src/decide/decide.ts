import type { Config } from '../config/config.js';
import { defaultPreset } from './candidates.js';
import type { DesiredEnvironment, Facts } from './facts.js';
import { isWished, presetProblems } from './presets.js';
import { present } from './present.js';
import { questionOf } from './question.js';
import {
  closed,
  gated,
  lifetimeOver,
  notAllowed,
  overLimit,
  ownedByAnother,
  unwanted,
  waitingForImages,
} from './rows.js';

/**
 * What should be of one environment: the first row that applies. CI job, service and sweep call this and nothing else.
 * @throws UserError UnknownApplication; InternalError FactsIncomplete when something wasn't read that the answer needs
 */
export const decide = (facts: Facts, config: Config): DesiredEnvironment => {
  const question = questionOf(facts, config);
  return (
    ownedByAnother(question) ??
    closed(question) ??
    unwanted(question) ??
    gated(question) ??
    lifetimeOver(question) ??
    notAllowed(question) ??
    waitingForImages(question) ??
    overLimit(question) ??
    present(question)
  );
};

/**
 * False: a preset that nobody asks for. Where there is no environment of it either, the line drops it without an entry.
 * A wish that can't be granted is told once, by the `pull-request` preset, which stays in place of it.
 * @throws what `decide` throws
 */
export const isAskedFor = (facts: Facts, config: Config): boolean => {
  const question = questionOf(facts, config);
  return isWished(question) && (facts.preset === defaultPreset || presetProblems(question).length === 0);
};
