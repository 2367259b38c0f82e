import type { EnvironmentRecord } from '../model/environment.js';
import { type EnvironmentId, joinedName, printId } from '../model/names.js';
import type { Outcome } from '../model/outcome.js';
import { ignoredAdvice, rejectedWords, removedWords } from './advice.js';
import type { CommentContext } from './context.js';
import { code, fitLines, link, plain } from './markdown.js';
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
  if (id === undefined || (outcome.outcome === 'Ignored' && ignoredAdvice[outcome.reason] === undefined))
    return undefined;
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

/** A comment is begun where something was done or refused, and for a fork, whose author can't know. */
const whenOf = (outcome: Outcome): StickyComment['when'] => {
  if (outcome.outcome === 'Ignored') return outcome.reason === 'Fork' ? 'always' : 'update';
  return outcome.outcome === 'Unchanged' || outcome.outcome === 'Removed' ? 'update' : 'always';
};

const sectionsOf = (says: Telling): readonly string[] => {
  switch (says.outcome.outcome) {
    case 'Created':
    case 'Updated':
    case 'Unchanged':
      return liveSections(says);
    case 'Removed':
      return [
        heading(says.id, 'removed'),
        `${removedWords[says.outcome.reason]} Its directory is gone from Git; what the cluster still runs was not observed.`,
        linksLine(says),
      ];
    case 'Ignored':
      return ignoredSections(says, says.outcome.reason);
    case 'Rejected':
      return [
        heading(says.id, `rejected${says.outcome.headSha === undefined ? '' : ` at ${short(says.outcome.headSha)}`}`),
        rejectedWords[says.outcome.reason],
        violationsSection(says.outcome) || plain(says.outcome.message),
        whatStays(says.context),
        warningsSection(says.outcome),
      ];
  }
};

const liveSections = (says: Telling): readonly string[] => {
  const { id, outcome, context } = says;
  const head = outcome.headSha ?? context.record?.headSha;
  const asleep = context.record?.state === 'asleep' ? ', asleep' : '';
  return [
    heading(id, `committed${head === undefined ? '' : ` at ${short(head)}`}${asleep}`),
    outcome.url ? link(plain(outcome.url.replace(/^https?:\/\//, '')), outcome.url) : '',
    'The manifests are in Git. Whether the cluster runs them yet was not observed.',
    componentsSection(outcome, context),
    [expiryLine(outcome, context), linksLine(says)].filter((line) => line !== '').join('\n'),
    violationsSection(outcome),
    warningsSection(outcome),
    labelsSection(id, context),
  ];
};

const ignoredSections = ({ id, outcome, context }: Telling, reason: keyof typeof ignoredAdvice): readonly string[] => {
  const { record, config } = context;
  const of = { application: config.applications.get(id.application), headSha: outcome.headSha };
  return [
    heading(id, record === undefined ? 'no environment' : `left as it is at ${short(record.headSha)}`),
    ignoredAdvice[reason]?.(of) ?? '',
    plain(outcome.message),
    warningsSection(outcome),
  ];
};

const heading = (id: EnvironmentId, state: string): string => `### ${code(printId(id))}: ${state}`;

const short = (sha: string): string => code(sha.slice(0, 7));

const whatStays = ({ record }: CommentContext): string =>
  record === undefined
    ? 'Nothing was deployed, and nothing in Git was changed.'
    : `Nothing in Git was changed: the last good version stays, at ${short(record.headSha)}.`;

/** Two outcomes with the same line leave the pull request in the same state, though they tell it differently. */
const stateLine = (outcome: Outcome, { record }: CommentContext): string =>
  printStateLine(
    stateOf(outcome, record)
      .filter((word) => word !== undefined)
      .join(' ')
      .replace(/[^\w: .]|-(?=-)/g, '-'),
  );

const stateOf = (outcome: Outcome, record: EnvironmentRecord | undefined): readonly (string | undefined)[] => {
  switch (outcome.outcome) {
    case 'Created':
    case 'Updated':
    case 'Unchanged':
      return ['committed', outcome.headSha ?? record?.headSha, record?.state, outcome.expiresAt ?? record?.expiresAt];
    case 'Removed':
      return ['none', outcome.reason];
    case 'Ignored':
      if (record !== undefined) return ['left', record.headSha, outcome.reason];
      return ['none', outcome.reason === 'NotOn' ? 'Off' : outcome.reason];
    case 'Rejected':
      return ['rejected', outcome.reason, outcome.headSha, record?.headSha];
  }
};
