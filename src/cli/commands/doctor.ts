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
  const rows = findings.map(
    (each) => `${marks[each.status]} ${each.check.padEnd(18)} ${oneLine(each.text)}${next(each)}`,
  );
  return {
    data: { schemaVersion: '1', findings },
    text: [...rows, '', verdictOn(findings)].join('\n'),
    markdown: [
      '| | check | finding |',
      '|---|---|---|',
      ...findings.map((each) => `| ${marks[each.status]} | ${each.check} | ${oneLine(each.text)}${next(each)} |`),
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
const next = ({ remedy }: Finding): string => (remedy === undefined ? '' : ` → ${oneLine(remedy)}`);
