import { baseSection } from '../../feedback/base-section.js';
import { fenced } from '../../feedback/markdown.js';
import { textDiff } from '../../feedback/text-diff.js';
import { joinedName, printId } from '../../model/names.js';
import { changesOf } from '../../synth/changes.js';
import { addressed, type PullRequestFlags } from '../arguments.js';
import { comparison } from '../comparison.js';
import { printBase } from '../output/base.js';
import type { Presentation } from '../output/presentation.js';
import type { Context, Run } from '../context.js';
import { environmentCommand } from '../environment-command.js';
import { inSession } from '../session.js';
import { configuration } from '../wire.js';

const summaryBudget = 50_000;

interface Options extends PullRequestFlags {
  readonly against: string;
  readonly exitCode?: true;
}

export const diffCommand = (run: Run) =>
  environmentCommand('diff', 'what would change: against Git, the base branch, a preset, or another environment')
    .option('--head-sha <sha>', 'the commit, in a local trial')
    .option('--against <what>', 'git, base, a preset’s name, or an environment such as shop/pr-7', 'git')
    .option('--exit-code', 'end with 10 when there are differences')
    .action((environment, options, command) => run(command, (context) => diff(environment, options, context)));

async function diff(environment: string | undefined, options: Options, context: Context): Promise<Presentation> {
  const config = configuration(context, 'embedded');
  const target = addressed(environment, options, config);
  const { before, after, base, note } = await inSession(config, context, {
    options: { dryRun: true, ...(options.headSha !== undefined && { headSha: options.headSha }) },
    work: (session) => comparison(target, options.against, session),
  });
  if (note !== undefined) context.note(note);
  const changes = changesOf(before, after);
  const text = textDiff(before, after);
  const differs = text !== '';
  const { id } = target;
  return {
    data: {
      ...{ schemaVersion: '1', environment: printId(id), against: options.against, changes },
      ...(base !== undefined && { fields: base.difference.fields }),
    },
    text: differs
      ? `${base === undefined ? '' : `${printBase(base)}\n\n`}${text}`
      : `no differences between ${printId(id)} and ${options.against}`,
    markdown: differs
      ? `${base === undefined ? '' : `${baseSection(base, summaryBudget)}\n\n`}${fenced(text, 'diff')}`
      : 'No differences.',
    variables: { environment: printId(id), name: joinedName(id), differs: String(differs) },
    exitCode: differs && options.exitCode === true ? 10 : 0,
  };
}
