import { Command } from '@commander-js/extra-typings';
import { textDiff } from '../../feedback/text-diff.js';
import { joinedName, printId } from '../../model/names.js';
import { changesOf } from '../../synth/changes.js';
import { addressed, type PullRequestFlags } from '../arguments.js';
import { comparison } from '../comparison.js';
import type { Presentation } from '../output/presentation.js';
import type { Context, Run } from '../context.js';
import { inSession } from '../session.js';
import { configuration } from '../wire.js';

interface Options extends PullRequestFlags {
  readonly against: string;
  readonly exitCode?: true;
}

export const diffCommand = (run: Run) =>
  new Command('diff')
    .description('what would change: against Git, the base branch, a preset, or another environment')
    .argument('[environment]', 'such as shop/pr-42')
    .option('--pull-request <number>', 'the environment of this pull request')
    .option('--repository <owner/name>', 'the application repository of the pull request')
    .option('--application <name>', 'where the pull request concerns several')
    .option('--head-sha <sha>', 'the commit, in a local trial')
    .option('--against <what>', 'git, base, a preset’s name, or an environment such as shop/pr-7', 'git')
    .option('--exit-code', 'end with 10 when there are differences')
    .action((environment, options, command) => run(command, (context) => diff(environment, options, context)));

async function diff(environment: string | undefined, options: Options, context: Context): Promise<Presentation> {
  const config = configuration(context, 'embedded');
  const target = addressed(environment, options, config);
  const { before, after, note } = await inSession(config, context, {
    options: { dryRun: true, ...(options.headSha !== undefined && { headSha: options.headSha }) },
    work: (session) => comparison(target, options.against, session),
  });
  if (note !== undefined) context.note(note);
  const changes = changesOf(before, after);
  const text = textDiff(before, after);
  const differs = text !== '';
  const { id } = target;
  return {
    data: { schemaVersion: '1', environment: printId(id), against: options.against, changes },
    text: differs ? text : `no differences between ${printId(id)} and ${options.against}`,
    markdown: differs ? `\`\`\`diff\n${text}\n\`\`\`` : 'No differences.',
    variables: { environment: printId(id), name: joinedName(id), differs: String(differs) },
    exitCode: differs && options.exitCode === true ? 10 : 0,
  };
}
