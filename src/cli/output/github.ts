import { appendFile } from 'node:fs/promises';
import type { Environment } from '../../config/environment.js';
import type { Violation } from '../../model/outcome.js';
import type { Presentation } from './presentation.js';

/** GitHub aborts a whole upload above 1024 KiB a step. */
const summaryLimit = 900_000;

/** Step outputs and the job's summary, where GitHub Actions asks for them. A random delimiter keeps values from ending early. */
export async function writeStepOutputs(
  { variables, markdown }: Presentation,
  environment: Environment,
  random: () => number,
): Promise<void> {
  const { GITHUB_OUTPUT: outputs, GITHUB_STEP_SUMMARY: summary } = environment;
  if (outputs !== undefined && outputs !== '') {
    const delimiter = `bivouac_${Array.from({ length: 4 }, () => random().toString(36).slice(2)).join('')}`;
    const entries = Object.entries(variables).map(([key, value]) => `${key}<<${delimiter}\n${value}\n${delimiter}\n`);
    await appendFile(outputs, entries.join(''));
  }
  if (summary !== undefined && summary !== '') await appendFile(summary, `${markdown.slice(0, summaryLimit)}\n`);
}

/** `::error` lines for the pull request's files view: ten are shown a step, so nine and a count. */
export function annotations(violations: readonly Violation[]): readonly string[] {
  const shown = violations.slice(0, 9).map(({ severity, rule, object, field, message, remedy }) => {
    const title = property(`${rule}: ${object}`);
    return `::${severity} title=${title}::${data(`${field} ${message} ${remedy}`)}`;
  });
  const more = violations.length - shown.length;
  return more > 0 ? [...shown, `::error title=bivouac::and ${more} more`] : shown;
}

const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
