import { summaryOf } from '../../feedback/summary.js';
import { directoryOf, joinedName, printId } from '../../model/names.js';
import { exitCodeOf, noChanges, type Outcome } from '../../model/outcome.js';
import { shortSha } from '../../model/pull-request.js';
import { oneLine } from '../redact.js';
import { observationData, observationLines } from './observed.js';
import { nextSteps } from './next-steps.js';
import type { Presentation } from './presentation.js';

/** `-o json` of everything that writes: one entry an environment, every key always there, but for what was seen of the cluster. */
export const outcomeData = (outcome: Outcome) => ({
  environment: outcome.id === undefined ? '' : printId(outcome.id),
  name: outcome.id === undefined ? '' : joinedName(outcome.id),
  outcome: outcome.outcome,
  reason: outcome.reason,
  message: outcome.message,
  url: outcome.url ?? '',
  path: outcome.id === undefined ? '' : directoryOf(outcome.id),
  headSha: outcome.headSha ?? '',
  commit: outcome.commit ?? '',
  components: outcome.components ?? [],
  expiresAt: outcome.expiresAt ?? '',
  changes: outcome.changes ?? noChanges,
  violations: outcome.violations ?? [],
  warnings: outcome.warnings ?? [],
  ...observationData(outcome),
});

/** Outcomes in every format; of several, the variables are those of the first application in `bivouac.yaml`. */
export function presentOutcomes(outcomes: readonly Outcome[], now: Date): Presentation {
  return {
    data: { schemaVersion: '1', outcomes: outcomes.map(outcomeData) },
    text: outcomes.map((outcome) => outcomeText(outcome, now)).join('\n'),
    markdown: summaryOf(outcomes),
    variables: { ...variablesOf(outcomes[0]), outcomes: JSON.stringify(outcomes.map(outcomeData)) },
    exitCode: exitCodeOf(outcomes),
  };
}

const variablesOf = (outcome: Outcome | undefined): Record<string, string> => {
  if (outcome === undefined) return {};
  const { environment, name, reason, url, path, commit } = outcomeData(outcome);
  const { deployment } = outcome;
  return {
    ...{ outcome: outcome.outcome.toLowerCase(), reason, environment, name, url, path, commit },
    ...(deployment !== undefined && { deployment: deployment.state }),
  };
};

function outcomeText(outcome: Outcome, now: Date): string {
  const { id, url, commit, components, expiresAt, changes, violations, warnings } = outcome;
  const line = (label: string, value: string | undefined): readonly string[] =>
    value === undefined || value === '' ? [] : [`  ${label.padEnd(11)} ${oneLine(value)}`];
  return [
    `${id === undefined ? nameless(outcome) : printId(id)}  ${outcome.outcome}  ${outcome.reason}`,
    `  ${oneLine(outcome.message)}`,
    ...(outcome.outcome === 'Rejected' && (violations ?? []).length === 0
      ? [...line('changed', 'nothing in Git'), ...line('next', nextSteps[outcome.reason])]
      : []),
    ...line('url', outcome.outcome === 'Removed' ? undefined : url),
    ...line(
      'commit',
      commit === undefined ? undefined : `${shortSha(commit)} ${id === undefined ? '' : directoryOf(id)}`,
    ),
    ...line('components', components?.join(', ')),
    ...line('expires', expiresAt === undefined ? undefined : `${expiresAt} (${inWords(new Date(expiresAt), now)})`),
    ...observationLines(outcome),
    ...(['added', 'changed', 'removed'] as const).flatMap((kind) => line(kind, named(changes?.[kind] ?? []))),
    ...(violations ?? []).flatMap(({ severity, rule, object, field, message, remedy }) => [
      `  ${severity === 'error' ? '✗' : '!'} ${rule}: ${object} ${field}`,
      `    ${oneLine(message)}`,
      `    ${oneLine(remedy)}`,
    ]),
    ...(warnings ?? []).flatMap((warning) => line('warning', warning)),
  ].join('\n');
}

/** As many as an eye takes in; `-o json` has all of them. */
const named = (objects: readonly string[]): string =>
  objects.length <= 8 ? objects.join(', ') : `${objects.slice(0, 7).join(', ')} and ${objects.length - 7} more`;

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

const inWords = (at: Date, now: Date): string => {
  const left = at.getTime() - now.getTime();
  if (left <= 0) return 'over';
  const [unit, size] = units.find(([, each]) => left >= each * 1.5) ?? ['minute', 60_000];
  const count = Math.max(1, Math.round(left / size));
  return `in ${count} ${unit}${count === 1 ? '' : 's'}`;
};

/** Of a sweep several are told of at once. */
const nameless = ({ reason }: Outcome): string => (reason === 'ChartsChanged' ? 'left as they are' : 'no environment');
