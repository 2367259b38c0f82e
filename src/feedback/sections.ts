import { directoryOf, type EnvironmentId } from '../model/names.js';
import type { Outcome, Violation } from '../model/outcome.js';
import { baseSection, countsOf, namesOf } from './base-section.js';
import type { CommentContext } from './context.js';
import { gitOpsLinks } from './links.js';
import { code, fenced, fitLines, folded, link, plain, printMinute, table } from './markdown.js';

/** Room for the table that matters most; the rest of a comment takes far less than the rest. */
const violationBudget = 40_000;
const componentBudget = 10_000;
const listLimit = 20;

/** Rule, object, field, message and remedy of each finding; empty: none. */
export const violationsSection = ({ violations = [] }: Outcome, budget = violationBudget): string => {
  if (violations.length === 0) return '';
  const errors = violations.filter(({ severity }) => severity === 'error');
  const warnings = violations.filter(({ severity }) => severity === 'warning');
  return table({
    head: ['rule', 'where', 'what is wrong', 'what to do'],
    rows: [...errors, ...warnings].map(violationRow),
    budget,
  });
};

const violationRow = ({ severity, rule, object, field, message, remedy }: Violation): readonly string[] => [
  `${severity === 'warning' ? 'warning: ' : ''}${code(rule, 60)}`,
  `${code(object, 100)}, ${code(field, 200)}`,
  plain(message, 400),
  plain(remedy, 300),
];

/** Each component, its address and why it is in. */
export const componentsSection = (outcome: Outcome, { record, addresses, why }: CommentContext): string => {
  const components = outcome.components ?? record?.components ?? [];
  if (components.length === 0) return '';
  return table({
    head: ['component', 'address', 'why'],
    rows: components.map((component) => {
      const address = addresses?.get(component);
      return [
        code(component),
        address === undefined ? '' : link(plain(address.replace(/^https?:\/\//, '')), address),
        plain(why?.get(component) ?? ''),
      ];
    }),
    budget: componentBudget,
  });
};

export const expiryLine = (outcome: Outcome, { record }: CommentContext): string => {
  const expiresAt = outcome.expiresAt ?? record?.expiresAt ?? '';
  return expiresAt === ''
    ? 'Stays until the pull request closes.'
    : `Expires on ${printMinute(expiresAt)}; the next push starts a new lifetime.`;
};

export const linksLine = ({
  id,
  outcome,
  context,
}: {
  readonly id: EnvironmentId;
  readonly outcome: Outcome;
  readonly context: CommentContext;
}): string => {
  const links = gitOpsLinks(context.config, id);
  const { commit } = outcome;
  return [
    ...(outcome.outcome === 'Removed' ? [] : [`Folder: ${link(code(directoryOf(id)), links.folder)}`]),
    ...(commit === undefined ? [] : [`GitOps commit: ${link(code(commit.slice(0, 7)), links.commit(commit))}`]),
  ].join(' · ');
};

export const warningsSection = ({ warnings = [] }: Outcome): string =>
  warnings
    .slice(0, listLimit)
    .map((warning) => `> Warning: ${plain(warning)}`)
    .join('\n');

/** Labels that change this environment, as far as the platform allows. */
export const labelsSection = (id: EnvironmentId, { config, record, optional }: CommentContext): string => {
  const overrides = config.applications.get(id.application)?.overrides;
  if (record?.pullRequest === '') return '';
  const rows = [
    ...(overrides?.components ? [...withRows(optional), ['`bivouac:without-<component>`', 'leaves one out']] : []),
    ...(overrides?.keep ? [['`bivouac:keep`', 'its lifetime doesn’t run']] : []),
    ['`bivouac:off`', 'removes the environment'],
  ];
  const labels = table({ head: ['label', 'what it does'], rows, budget: componentBudget });
  return folded('Change it with labels', `${labels}\n\nOr in a comment: \`/bivouac help\` lists what can be written.`);
};

/** Those that there are to be had; empty: none. */
const withRows = (optional: CommentContext['optional']): readonly (readonly string[])[] => {
  if (optional?.length === 0) return [];
  const labels = optional?.slice(0, listLimit).map((component) => code(`bivouac:with-${component}`, 100));
  return [[labels?.join(', ') ?? '`bivouac:with-<component>`', 'adds a component']];
};

/**
 * What differs from the base branch, where that is known; else what this run changed: the objects by name, and the diff, cut to what
 * room is left. Empty: nothing to show, or no room.
 */
export const changesSection = (outcome: Outcome, context: CommentContext, budget: number): string => {
  const { base } = context;
  if (base === undefined) return runSection(outcome, context, budget);
  const section = baseSection(base, budget);
  if (!('failure' in base)) return section;
  const changes = runSection(outcome, context, budget - section.length - 2);
  return [section, changes].filter((part) => part !== '').join('\n\n');
};

const runSection = (outcome: Outcome, { diff = '' }: CommentContext, budget: number): string => {
  const { changes } = outcome;
  if (outcome.outcome === 'Removed' || (diff === '' && changes === undefined)) return '';
  const title = changes === undefined ? 'Changes' : `Changes: ${countsOf(changes)}`;
  const names = changes === undefined ? '' : namesOf(changes);
  if (diff === '' && names === '') return '';
  const against = diff === '' ? '' : 'Compared with what was there before:';
  const build = (text: string): string =>
    folded(title, [names, ...(text === '' ? [] : [against, text])].filter((part) => part !== '').join('\n\n'));
  const room = budget - build(fenced('', 'diff')).length - 100;
  const whole = diff === '' || room < 0 ? build('') : build(fenced(fitLines(diff, room), 'diff'));
  if (whole.length <= budget) return whole;
  return build('').length <= budget ? build('') : '';
};
