import { labels, presetLabel, sameLabel } from '../../decide/labels.js';
import { userError } from '../../model/errors.js';
import { isBivouacError } from '../../model/errors.js';
import { type EnvironmentId, printId } from '../../model/names.js';
import type { Outcome } from '../../model/outcome.js';
import { printPullRequest, type PullRequestRef } from '../../model/pull-request.js';
import { defaultPreset } from '../../decide/candidates.js';
import { removalRequested } from '../../decide/requested.js';
import { addressed, candidatesOf, type PullRequestFlags } from '../arguments.js';
import { presentOutcomes } from '../output/outcomes.js';
import type { Presentation } from '../output/presentation.js';
import { type Context, type Run, unattended } from '../context.js';
import { environmentCommand } from '../environment-command.js';
import { inSession, pullRequestSubject, reconcileAndTell, type Session } from '../session.js';
import { storedIn } from '../stored.js';
import { timeoutOf, timeoutOption, type WaitFlags, waitOption } from '../waiting.js';
import { configuration } from '../wire.js';

interface Options extends PullRequestFlags, WaitFlags {
  readonly yes?: true;
  readonly dryRun?: true;
}

export const downCommand = (run: Run) =>
  environmentCommand('down', 'remove an environment; of an open pull request it is switched off by a label')
    .option('-y, --yes', 'don’t ask')
    .addOption(waitOption())
    .addOption(timeoutOption())
    .option('--dry-run', 'say what would be done, and do nothing')
    .action((environment, options, command) => run(command, (context) => down(environment, options, context)));

async function down(environment: string | undefined, options: Options, context: Context): Promise<Presentation> {
  const waitMs = timeoutOf(options);
  const config = configuration(context, 'embedded');
  const { id, ref } = addressed(environment, options, config);
  const outcomes = await inSession(config, context, {
    options: { ...(options.dryRun && { dryRun: true }), ...(waitMs !== undefined && { waitMs }) },
    work: async (session) => {
      storedIn(await session.line.repository.read([id]), id);
      if (options.yes === undefined && options.dryRun === undefined) await confirm(id, context);
      return ref === undefined ? requested(id, session) : ofPullRequest({ id, ref }, session, context);
    },
  });
  return presentOutcomes(outcomes, context.io.clock.now());
}

async function confirm(id: EnvironmentId, { io }: Context): Promise<void> {
  if (unattended(io) || io.ask === undefined)
    throw userError('ConfirmationNeeded', `nobody can be asked whether ${printId(id)} may go`, {
      where: '--yes',
      remedy: 'Say --yes.',
    });
  const answer = await io.ask(`This removes ${printId(id)} and its data. Type its address to go on: `);
  if (answer.trim() !== printId(id))
    throw userError('NotConfirmed', `${printId(id)} stays: the answer was another`, {
      remedy: 'Run it again, or say --yes.',
    });
}

/** Off by label, so that the next event doesn't bring it back; what can't be read is removed all the same: a person asked. */
async function ofPullRequest(
  { id, ref }: { readonly id: EnvironmentId; readonly ref: PullRequestRef },
  session: Session,
  context: Context,
): Promise<readonly Outcome[]> {
  const { config, forge, line } = session;
  const candidates = candidatesOf(ref, config).filter(({ id: each }) => printId(each) === printId(id));
  const preset = candidates[0]?.preset ?? defaultPreset;
  try {
    const { labels: labelled, state } = await forge.host.read(ref);
    if (state === 'open' && line.mode === 'push') {
      const own = presetLabel(preset);
      const asking = preset === defaultPreset ? undefined : labelled.find((label) => sameLabel(label, own));
      if (asking !== undefined) await forge.labels.remove(ref, asking);
      else await forge.labels.add(ref, labels.off);
    }
    if (state === 'open' && line.mode === 'dry-run') return await requested(id, session);
    const subject = pullRequestSubject(ref, session, { candidates, images: {} });
    return await reconcileAndTell(subject, session);
  } catch (error) {
    if (!isBivouacError(error) || !error.code.startsWith('CodeHost')) throw error;
    context.note(`${printPullRequest(ref)} can’t be read (${error.message}): removed because you asked`);
    return requested(id, session);
  }
}

/** A person named it: that is the proof. */
const requested = (id: EnvironmentId, session: Session): Promise<readonly Outcome[]> =>
  reconcileAndTell(
    {
      candidates: [{ id, preset: defaultPreset }],
      images: {},
      truth: () => Promise.resolve({ approvals: [] }),
      decide: removalRequested,
    },
    session,
  );
