import { type EnvironmentId, joinedName, printId } from '../model/names.js';
import type { EnvironmentRecord } from '../model/environment.js';
import type { IgnoredReason, Outcome } from '../model/outcome.js';
import { rejectedWords, removedWords, unheard } from './advice.js';
import type { CommentContext } from './context.js';
import { code, fitLines, link, plain, sentences } from './markdown.js';
import { headingWord, observedSection, receiptSection, removalWords, type Sight } from './observed.js';
import { printStateLine, type StickyComment } from './port.js';
import {
  changesSection,
  componentsSection,
  expiryLine,
  labelsSection,
  linksLine,
  violationsSection,
  warningsSection,
} from './sections.js';

/** GitHub's limit, with room for the marker line. */
export const commentLimit = 65_536 - 100;

/**
 * What the pull request is told about one environment, as Markdown; undefined: nothing (no environment is concerned, or
 * another run has the word). Below the marker a hidden line names the state, so that saying it again costs no request.
 */
export const commentOf = (outcome: Outcome, context: CommentContext): StickyComment | undefined => {
  const { id } = outcome;
  if (id === undefined || (outcome.outcome === 'Ignored' && unheard.includes(outcome.reason))) return undefined;
  const says = { id, outcome, context };
  const sections = [stateLine(outcome, context), ...sectionsOf(says)].filter((section) => section !== '');
  const body = sections.join('\n\n');
  const changes = changesSection(outcome, context, commentLimit - body.length - 2);
  return { name: joinedName(id), body: fit(changes === '' ? body : `${body}\n\n${changes}`), when: whenOf(outcome) };
};

interface Telling {
  readonly id: EnvironmentId;
  readonly outcome: Outcome;
  readonly context: CommentContext;
}

const fit = (body: string): string => fitLines(body, commentLimit);

/** Where nothing was done, who is told all the same: whoever expects an environment and can't know why it doesn't come. */
const toldAnyway: readonly IgnoredReason[] = ['Fork', 'WaitingForImages', 'LimitReached'];

/** A comment is begun where something was done or refused. */
const whenOf = (outcome: Outcome): StickyComment['when'] => {
  if (outcome.reason === 'TearingDown') return 'update';
  if (outcome.outcome === 'Ignored') return toldAnyway.includes(outcome.reason) ? 'always' : 'update';
  const state = outcome.deployment?.state;
  if (state !== undefined && state !== 'ready') return 'always'; // its words may be others in the same state
  return outcome.outcome === 'Unchanged' || outcome.outcome === 'Removed' ? 'update' : 'always';
};

const sectionsOf = (says: Telling): readonly string[] => {
  switch (says.outcome.outcome) {
    case 'Created':
    case 'Updated':
    case 'Unchanged':
      return says.outcome.reason === 'TearingDown' ? tearingDownSections(says) : liveSections(says);
    case 'Removed':
      return [
        heading(says.id, says.outcome.receipt?.complete === true ? 'removed' : 'removed from Git'),
        `${removedWords[says.outcome.reason]} ${removalWords({ ...says.outcome, ...sightOf(says) })}`,
        says.outcome.receipt === undefined ? '' : receiptSection(says.outcome.receipt),
        linksLine(says),
        warningsSection(says.outcome),
      ];
    case 'Ignored':
      return says.outcome.reason === 'TearingDown' ? tearingDownSections(says) : ignoredSections(says);
    case 'Rejected':
      return [
        heading(says.id, `rejected${says.outcome.headSha === undefined ? '' : ` at ${short(says.outcome.headSha)}`}`),
        rejectedWords[says.outcome.reason],
        violationsSection(says.outcome) || sentences(says.outcome.message),
        whatStays(says.context),
        warningsSection(says.outcome),
      ];
  }
};

const liveSections = (says: Telling): readonly string[] => {
  const { id, outcome, context } = says;
  const head = outcome.headSha ?? context.record?.headSha;
  const sight = sightOf(says);
  return [
    heading(id, `${headingWord(sight)}${head === undefined ? '' : ` at ${short(head)}`}`),
    outcome.url ? link(plain(outcome.url.replace(/^https?:\/\//, '')), outcome.url) : '',
    observedSection(sight),
    componentsSection(outcome, context),
    [expiryLine(outcome, context), linksLine(says)].filter((line) => line !== '').join('\n'),
    violationsSection(outcome),
    warningsSection(outcome),
    labelsSection(id, context),
  ];
};

const sightOf = ({ outcome, context }: Telling): Sight => ({
  deployment: outcome.deployment,
  watchedUntil: context.watchedUntil,
  isAsleep: context.record?.state === 'asleep',
});

const tearingDownSections = (says: Telling): readonly string[] => [
  heading(says.id, 'being removed'),
  sentences(says.outcome.message),
  linksLine(says),
  warningsSection(says.outcome),
];

const ignoredSections = ({ id, outcome, context: { record } }: Telling): readonly string[] => [
  heading(id, ignoredHeading(outcome, record)),
  sentences(outcome.message),
  warningsSection(outcome),
];

const ignoredHeading = ({ reason, headSha }: Outcome, record: EnvironmentRecord | undefined): string => {
  if (reason === 'WaitingForImages') return `waiting for images${headSha === undefined ? '' : ` of ${short(headSha)}`}`;
  return record === undefined ? 'no environment' : `left as it is at ${short(record.headSha)}`;
};

const heading = (id: EnvironmentId, state: string): string => `### ${code(printId(id))}: ${state}`;

const short = (sha: string): string => code(sha.slice(0, 7));

const whatStays = ({ record }: CommentContext): string =>
  record === undefined
    ? 'Nothing was deployed, and nothing in Git was changed.'
    : `Nothing in Git was changed: the last good version stays, at ${short(record.headSha)}.`;

/** Two outcomes with the same line leave the pull request in the same state, though they tell it differently. */
const stateLine = (outcome: Outcome, context: CommentContext): string =>
  printStateLine(
    stateOf(outcome, context)
      .filter((word) => word !== undefined)
      .join(' ')
      .replace(/[^\w: .]|-(?=-)/g, '-'),
  );

const stateOf = (outcome: Outcome, { record, watchedUntil }: CommentContext): readonly (string | undefined)[] => {
  if (outcome.reason === 'TearingDown') return ['teardown', outcome.expiresAt];
  switch (outcome.outcome) {
    case 'Created':
    case 'Updated':
    case 'Unchanged':
      return [
        outcome.deployment?.state ?? (watchedUntil === undefined ? 'committed' : 'deploying'),
        outcome.headSha ?? record?.headSha,
        record?.state,
        outcome.expiresAt ?? record?.expiresAt,
      ];
    case 'Removed':
      return ['none', outcome.reason];
    case 'Ignored':
      if (record !== undefined) return ['left', record.headSha, outcome.reason];
      return ['none', outcome.reason === 'NotOn' ? 'Off' : outcome.reason];
    case 'Rejected':
      return ['rejected', outcome.reason, outcome.headSha, record?.headSha];
  }
};
