import { Command } from '@commander-js/extra-typings';
import type { Config } from '../../config/config.js';
import type { EventReading } from '../../events/event.js';
import type { Outcome } from '../../model/outcome.js';
import type { PullRequestRef } from '../../model/pull-request.js';
import { assertKnownImages } from '../../decide/images.js';
import { candidatesOf, imagesOf, known, type PullRequestFlags, refOf } from '../arguments.js';
import { readCiEvent } from '../ci-event.js';
import { runComment } from '../comment-command.js';
import { presentOutcomes } from '../output/outcomes.js';
import type { Presentation } from '../output/presentation.js';
import { type Context, repeatable, type Run } from '../context.js';
import { runsOnDefaultBranch, withDefaultCharts } from '../default-charts.js';
import { inSession, pullRequestSubject, reconcileAndTell } from '../session.js';
import { guardCheckout } from '../trust.js';
import { timeoutOf, timeoutOption, type WaitFlags, waitOption } from '../waiting.js';
import { configuration } from '../wire.js';

interface Options extends PullRequestFlags, WaitFlags {
  readonly image?: readonly string[];
  readonly dryRun?: true;
}

export const reconcileCommand = (run: Run) =>
  new Command('reconcile')
    .description('bring a pull request’s environments to what it says now (one step for every CI event)')
    .option('--pull-request <number>', 'this one, instead of the CI event’s')
    .option('--repository <owner/name>', 'the application repository of the pull request')
    .option('--application <name>', 'of this application only')
    .addOption(repeatable('--image <name=reference>', 'an image built for the head commit'))
    .option('--head-sha <sha>', 'the commit that the images were built from')
    .addOption(waitOption())
    .addOption(timeoutOption())
    .option('--dry-run', 'say what would be done, and do nothing')
    .action((options, command) => run(command, (context) => work(options, context)));

/** What an event says, or the outcome of one without a pull request. */
function fromEvent(event: EventReading | undefined, config: Config): PullRequestRef | Outcome {
  if (event?.kind === 'pull-request') return { ...event.ref, repository: known(config, event.ref.repository) };
  if (event?.repository !== undefined) known(config, event.repository);
  const message = `the ${event?.event ?? ''} event concerns no pull request: there is nothing to do`;
  return { outcome: 'Ignored', reason: 'NoPullRequest', message };
}

async function work(options: Options, context: Context): Promise<Presentation> {
  const { io } = context;
  const waitMs = timeoutOf(options);
  const event = options.pullRequest === undefined ? await readCiEvent(io) : undefined;
  const early = event === undefined ? undefined : await guardCheckout(event, context);
  if (early !== undefined) return presentOutcomes([early], io.clock.now());

  if (event?.kind === 'schedule')
    return (await import('./sweep.js')).runSweep(
      {
        ...(options.application !== undefined && { application: options.application }),
        ...(options.repository !== undefined && { repository: [options.repository] }),
        ...(options.dryRun && { dryRun: true }),
      },
      context,
    );
  const config = configuration(context, 'none');
  const ref =
    options.pullRequest === undefined
      ? fromEvent(event, config)
      : refOf(config, { ...options, pullRequest: options.pullRequest });
  if ('outcome' in ref) return presentOutcomes([ref], io.clock.now());

  const images = imagesOf(options.image);
  assertKnownImages(images, [...config.applications.values()]);
  const candidates = candidatesOf(ref, config, options.application);
  const outcomes = await inSession(config, context, {
    options: {
      ...(options.dryRun && { dryRun: true }),
      ...(waitMs !== undefined && { waitMs }),
      ...(ref.headSha !== undefined && { headSha: ref.headSha }),
    },
    work: async (opened) => {
      const session = runsOnDefaultBranch(event) ? withDefaultCharts(opened, ref) : opened;
      const comment = event?.kind === 'pull-request' && options.dryRun === undefined ? event.comment : undefined;
      const commanded = comment === undefined ? [] : await runComment(ref, comment, session);
      const subject = pullRequestSubject(ref, session, { candidates, images });
      return reconcileAndTell(subject, session, commanded);
    },
  });
  return presentOutcomes(outcomes, io.clock.now());
}
