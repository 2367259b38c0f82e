import { Command } from '@commander-js/extra-typings';
import { lifetimeBounds, parseDuration } from '../../config/duration.js';
import { labels, presetLabel, withLabel, withoutLabel } from '../../decide/labels.js';
import { assertKnownImages } from '../../decide/images.js';
import { userError } from '../../model/errors.js';
import type { LabelChange } from '../../line/command.js';
import type { PullRequestRef } from '../../model/pull-request.js';
import { assertFitting, candidatesOf, imagesOf, onlyApplication, presetIn, refOf } from '../arguments.js';
import { labelledAs, setLabels } from '../labelling.js';
import type { RenderFlags } from '../offline.js';
import { presentOutcomes } from '../output/outcomes.js';
import type { Presentation } from '../output/presentation.js';
import { type Context, repeatable, type Run } from '../context.js';
import { inSession, pullRequestSubject, reconcileAndTell, type Session } from '../session.js';
import { timeoutOf, timeoutOption, type WaitFlags, waitOption } from '../waiting.js';
import { configuration } from '../wire.js';
import type { Config } from '../../config/config.js';
import type { Outcome } from '../../model/outcome.js';
import { reconcile, type Subject } from '../../reconcile.js';

interface Options extends RenderFlags, WaitFlags {
  readonly image?: readonly string[];
  readonly lifetime?: string;
  readonly dryRun?: true;
}

export const upCommand = (run: Run) =>
  new Command('up')
    .description('make an environment by hand: of a pull request, or of a preset with a name')
    .option('--application <name>', 'of this application')
    .option('--pull-request <number>', 'the pull request; its labels are set, so that the next event repeats it')
    .option('--repository <owner/name>', 'the application repository of the pull request')
    .option('--head-sha <sha>', 'the commit that the images were built from')
    .option('--preset <name>', 'such as demo, with --name and --ref')
    .option('--name <name>', 'what the environment is for')
    .option('--ref <ref>', 'branch, tag or commit of the application repository')
    .addOption(repeatable('--with <component>', 'with this component'))
    .addOption(repeatable('--without <component>', 'without this component'))
    .addOption(repeatable('--image <name=reference>', 'an image'))
    .option('--lifetime <duration>', 'such as 3d')
    .addOption(waitOption())
    .addOption(timeoutOption())
    .option('--dry-run', 'say what would be done, and do nothing')
    .action((options, command) => run(command, (context) => up(options, context)));

async function up(options: Options, context: Context): Promise<Presentation> {
  assertFitting(options);
  const waitMs = timeoutOf(options);
  const config = configuration(context, 'embedded');
  const images = imagesOf(options.image);
  assertKnownImages(images, [...config.applications.values()]);
  const lifetime =
    options.lifetime === undefined ? undefined : parseDuration(options.lifetime, lifetimeBounds, '--lifetime');
  const asked = {
    with: options.with ?? [],
    without: options.without ?? [],
    ...(lifetime !== undefined && { lifetime }),
  };
  const outcomes = await inSession(config, context, {
    options: {
      ...(options.dryRun && { dryRun: true }),
      ...(waitMs !== undefined && { waitMs }),
      ...(options.headSha !== undefined && { headSha: options.headSha }),
    },
    work: (session) =>
      options.pullRequest === undefined
        ? fromPreset(options, session, { images, asked })
        : fromPullRequest({ ...options, pullRequest: options.pullRequest }, session, { images, asked }),
  });
  return presentOutcomes(outcomes, context.io.clock.now());
}

type Wishes = Required<Pick<Subject, 'images' | 'asked'>>;

/** Labels are the state: they are set, and the ordinary line does the rest. What can't be granted must never become one. */
async function fromPullRequest(
  options: Options & { readonly pullRequest: string },
  session: Session,
  wishes: Wishes,
): Promise<readonly Outcome[]> {
  const { config, line } = session;
  if (options.preset !== undefined) presetIn(config, options.preset);
  const ref = refOf(config, options);
  const change = labelChange(options);
  const candidates = candidatesOf(ref, config, options.application);
  const subject = pullRequestSubject(ref, session, { candidates, ...wishes });
  const rehearsed = await reconcile(labelledAs(subject, change), { ...line, mode: 'dry-run' });
  const outcomes = rehearsed.map(({ outcome }) => outcome);
  if (line.mode === 'dry-run' || outcomes.some(({ reason }) => reason === 'OverrideNotAllowed')) return outcomes;
  await setLabels(ref, change, session);
  return reconcileAndTell(subject, session);
}

const labelChange = (options: Options): LabelChange => ({
  add: [
    labels.on,
    ...(options.with ?? []).map(withLabel),
    ...(options.without ?? []).map(withoutLabel),
    ...(options.preset === undefined ? [] : [presetLabel(options.preset)]),
  ],
  remove: [
    labels.off,
    labels.expired,
    ...(options.with ?? []).map(withoutLabel),
    ...(options.without ?? []).map(withLabel),
  ],
});

async function fromPreset(options: Options, session: Session, wishes: Wishes): Promise<readonly Outcome[]> {
  const { application, preset, name, ref } = options;
  if (preset === undefined || name === undefined || ref === undefined)
    throw userError('UpNeeds', 'up needs to know what for', {
      remedy: 'Give --pull-request N, or --application A --preset demo --name acme --ref main.',
    });
  const { config, forge } = session;
  const { name: applicationName, repositories } = onlyApplication(config, application);
  const { givenId } = await import('../../decide/given.js'); // its alphabets take as long to load as a whole configuration
  const { name: presetName } = presetIn(config, preset);
  const id = givenId({ application: applicationName, preset: presetName, given: name }, config);
  const repository = firstRepository(repositories, config);
  const subject: Subject = {
    ...wishes,
    candidates: [{ id, preset: presetName }],
    truth: async () => ({ approvals: [], revision: await forge.host.resolve(repository, ref) }),
  };
  return reconcileAndTell(subject, session);
}

function firstRepository(repositories: readonly { readonly name: PullRequestRef['repository'] }[], config: Config) {
  const [first] = repositories;
  if (first === undefined)
    throw userError('RepositoryNeeded', 'the application names no repository', {
      ...(config.file !== undefined && { where: config.file }),
    });
  return first.name;
}
