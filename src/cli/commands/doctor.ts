import { Command } from '@commander-js/extra-typings';
import type { Presentation } from '../output/presentation.js';
import type { Context, Run } from '../context.js';
import { oneLine } from '../redact.js';
import { examine } from '../doctor/examine.js';
import type { Finding } from '../doctor/finding.js';

export const doctorCommand = (run: Run) =>
  new Command('doctor')
    .description('check the set-up: configuration, Git, code host, charts, names')
    .action((_options, command) => run(command, doctor));

async function doctor(context: Context): Promise<Presentation> {
  const findings = await examine(context);
  const problems = findings.filter(({ status }) => status === 'problem');
  const [first] = problems.map(({ exitCode }) => exitCode ?? 2).sort((a, b) => a - b);
  return {
    data: { schemaVersion: '1', findings },
    text: [...findings.flatMap(rowsOf), '', verdictOn(findings)].join('\n'),
    markdown: [
      '| | check | finding |',
      '|---|---|---|',
      ...findings.map((each) => `| ${marks[each.status]} | ${each.check} | ${linesOf(each).join('<br>')} |`),
    ].join('\n'),
    variables: { problems: String(problems.length) },
    exitCode: first ?? 0,
  };
}

function verdictOn(findings: readonly Finding[]): string {
  const problems = findings.filter(({ status }) => status === 'problem').length;
  if (problems > 0) return `${problems} to repair.`;
  const isOwn = findings.some(({ check, status }) => check === 'configuration' && status === 'ok');
  return isOwn ? 'All is well.' : 'Nothing to repair in the embedded default. Yours was not looked at.';
}

const marks = { ok: '✓', problem: '✗', skipped: '-' } as const;

function rowsOf(each: Finding): readonly string[] {
  const [first = '', ...more] = linesOf(each);
  return [`${marks[each.status]} ${each.check.padEnd(18)} ${first}`, ...more.map((line) => `    ${line}`)];
}

/** One line, or of several problems one each; a remedy that they end with isn't repeated. */
function linesOf({ text, remedy }: Finding): readonly string[] {
  const lines = text.split('\n').map(oneLine);
  if (remedy === undefined || text.includes(remedy)) return lines;
  const next = `→ ${oneLine(remedy)}`;
  return lines.length === 1 ? [`${lines[0]} ${next}`] : [...lines, next];
}
