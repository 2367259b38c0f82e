import { printId } from '../model/names.js';
import type { Outcome } from '../model/outcome.js';
import { code, fenced, fitLines, folded, link, plain, table } from './markdown.js';
import { causesSection, receiptSection } from './observed.js';
import { violationsSection, warningsSection } from './sections.js';

/** Bytes: above 1024 KiB GitHub drops a step's whole summary. */
const summaryLimit = 900_000;
const sectionBudget = 100_000;

export interface SummaryContext {
  /** Unified, by `application/environment`. */
  readonly diffs?: ReadonlyMap<string, string>;
}

/** The job's summary: one table of all outcomes, then findings, warnings and diffs, as much as fits. */
export const summaryOf = (outcomes: readonly Outcome[], { diffs }: SummaryContext = {}): string => {
  const parts = [overview(outcomes), ...outcomes.map(findings), ...outcomes.map((outcome) => diffOf(outcome, diffs))];
  const kept: string[] = [];
  let room = summaryLimit;
  let left = 0;
  for (const part of parts.filter((text) => text !== '')) {
    const size = bytesOf(part) + 2;
    if (size > room) left += 1;
    else {
      kept.push(part);
      room -= size;
    }
  }
  const note = left === 0 ? [] : [`… ${left} more sections: the summary would be too long. The log has them.`];
  return `${[...kept, ...note].join('\n\n')}\n`;
};

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

const nameOf = (outcome: Outcome): string => (outcome.id === undefined ? '' : code(printId(outcome.id)));

const overview = (outcomes: readonly Outcome[]): string =>
  outcomes.length === 0
    ? '### Bivouac\n\nNothing to do.'
    : `### Bivouac\n\n${table({
        head: ['environment', 'outcome', 'reason', 'what happened', 'address'],
        rows: outcomes.map((outcome) => [
          nameOf(outcome),
          outcome.outcome,
          outcome.reason,
          plain(outcome.message) + (outcome.deployment === undefined ? '' : `; ${plain(outcome.deployment.message)}`),
          outcome.url ? link(plain(outcome.url.replace(/^https?:\/\//, '')), outcome.url) : '',
        ]),
        budget: sectionBudget,
      })}`;

const findings = (outcome: Outcome): string => {
  const { receipt, deployment } = outcome;
  const parts = [
    violationsSection(outcome, sectionBudget),
    receipt === undefined ? causesSection(deployment?.causes ?? []) : receiptSection(receipt),
    warningsSection(outcome),
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : [`#### ${nameOf(outcome) || 'Run'}`, ...parts].join('\n\n');
};

const diffOf = ({ id }: Outcome, diffs: SummaryContext['diffs']): string => {
  const diff = id === undefined ? undefined : diffs?.get(printId(id));
  if (id === undefined || diff === undefined || diff === '') return '';
  return folded(`Changes of ${printId(id)}`, fenced(fitLines(diff, sectionBudget), 'diff'));
};
