import type { Plan } from '../../line/plan.js';
import { joinedName, printId } from '../../model/names.js';
import { printPullRequest } from '../../model/pull-request.js';
import { reconcile } from '../../reconcile.js';
import { whyOf } from '../../synth/why.js';
import { addressed, type PullRequestFlags } from '../arguments.js';
import { outcomeData } from '../output/outcomes.js';
import type { Presentation } from '../output/presentation.js';
import type { Context, Run } from '../context.js';
import { environmentCommand } from '../environment-command.js';
import { oneLine } from '../redact.js';
import { inSession, subjectOf } from '../session.js';
import { configuration } from '../wire.js';

export const explainCommand = (run: Run) =>
  environmentCommand('explain', 'what would be decided now, and why; writes nothing').action(
    (environment, options, command) => run(command, (context) => work(environment, options, context)),
  );

async function work(environment: string | undefined, flags: PullRequestFlags, context: Context): Promise<Presentation> {
  const config = configuration(context, 'embedded');
  const target = addressed(environment, flags, config);
  const results = await inSession(config, context, {
    options: { dryRun: true },
    work: async (session) => reconcile(await subjectOf(target, session), session.line),
  });
  const { id, ref } = target;
  const [result] = results;
  const rows: readonly (readonly [string, string])[] = [
    ['pull request', ref === undefined ? 'none' : printPullRequest(ref)],
    ['namespace', joinedName(id)],
    ['configuration', config.file ?? 'the embedded default'],
    ...(result === undefined
      ? [['decision', 'nothing: nobody asks for this preset, and there is no such environment'] as const]
      : [
          ['decision', `${result.outcome.outcome} (${result.outcome.reason})`] as const,
          ['because', result.outcome.message] as const,
          ...detailsOf(result.plan),
        ]),
  ];
  const width = Math.max(...rows.map(([label]) => label.length)) + 2;
  return {
    data: {
      schemaVersion: '1',
      environment: printId(id),
      ...(result !== undefined && {
        decision: outcomeData(result.outcome),
        details: Object.fromEntries(detailsOf(result.plan)),
      }),
    },
    text: [printId(id), ...rows.map(([label, value]) => `  ${label.padEnd(width)}${oneLine(value)}`)].join('\n'),
    markdown: [`| | |`, `|---|---|`, ...rows.map(([label, value]) => `| ${label} | ${oneLine(value)} |`)].join('\n'),
    variables: { environment: printId(id), name: joinedName(id), reason: result?.outcome.reason ?? '' },
    exitCode: 0,
  };
}

/** Where each part of a deployed environment comes from. */
function detailsOf(plan: Plan): readonly (readonly [string, string])[] {
  if (plan.kind !== 'write') return [];
  const { spec } = plan.desired;
  const why = whyOf(plan.rendering.files);
  return [
    ['preset', spec.preset],
    ['head commit', spec.headSha],
    ['url', plan.rendering.record.url],
    ['expires', plan.rendering.record.expiresAt === '' ? 'never' : plan.rendering.record.expiresAt],
    ...plan.rendering.record.components.map((name) => [`component ${name}`, why.get(name) ?? ''] as const),
    ...Object.entries(spec.images).map(([name, reference]) => [`image ${name}`, reference] as const),
    ...Object.entries(spec.variables).map(([name, value]) => [`variable ${name}`, value] as const),
  ];
}
