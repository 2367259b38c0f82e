import { Command } from '@commander-js/extra-typings';
import { parseDuration } from '../../config/duration.js';
import { givenId } from '../../decide/given.js';
import { labels, presetLabel, withLabel, withoutLabel } from '../../decide/labels.js';
import { assertKnownImages } from '../../decide/images.js';
import { userError } from '../../model/errors.js';
import { presetName } from '../../model/names.js';
import type { PullRequestRef } from '../../model/pull-request.js';
import { applicationIn, candidatesOf, imagesOf, refOf } from '../arguments.js';
import { presentOutcomes } from '../output/outcomes.js';
import type { Presentation } from '../output/presentation.js';
import { type Context, repeatable, type Run } from '../context.js';
import { inSession, pullRequestSubject, reconcileAndTell, type Session } from '../session.js';
import { configuration } from '../wire.js';
import type { Config } from '../../config/config.js';
import type { Outcome } from '../../model/outcome.js';
import type { Subject } from '../../reconcile.js';

interface Options {
  readonly application?: string;
  readonly pullRequest?: string;
  readonly repository?: string;
  readonly headSha?: string;
  readonly preset?: string;
  readonly name?: string;
  readonly ref?: string;
  readonly with?: readonly string[];
  readonly without?: readonly string[];
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
    .option('--dry-run', 'say what would be done, and do nothing')
    .action((options, command) => run(command, (context) => up(options, context)));

async function up(options: Options, context: Context): Promise<Presentation> {
  const config = configuration(context, 'embedded');
  const images = imagesOf(options.image);
  assertKnownImages(images, [...config.applications.values()]);
  const lifetime = options.lifetime === undefined ? undefined : parseDuration(options.lifetime);
  const asked = {
    with: options.with ?? [],
    without: options.without ?? [],
    ...(lifetime !== undefined && { lifetime }),
  };
  const outcomes = await inSession(config, context, {
    options: {
      ...(options.dryRun && { dryRun: true }),
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

/** Labels are the state: they are set first, and the ordinary line does the rest. */
async function fromPullRequest(
  options: Options & { readonly pullRequest: string },
  session: Session,
  wishes: Wishes,
): Promise<readonly Outcome[]> {
  const ref = refOf(session.config, options);
  if (session.line.mode === 'push') await setLabels(ref, options, session);
  const candidates = candidatesOf(ref, session.config, options.application);
  const subject = pullRequestSubject(ref, session, { candidates, ...wishes });
  return reconcileAndTell(subject, session);
}

async function setLabels(ref: PullRequestRef, options: Options, { forge }: Session): Promise<void> {
  const { labels: labelled } = await forge.host.read(ref);
  const add = [
    labels.on,
    ...(options.with ?? []).map(withLabel),
    ...(options.without ?? []).map(withoutLabel),
    ...(options.preset === undefined ? [] : [presetLabel(options.preset)]),
  ];
  const remove = [
    labels.off,
    labels.expired,
    ...(options.with ?? []).map(withoutLabel),
    ...(options.without ?? []).map(withLabel),
  ];
  for (const label of add.filter((each) => !labelled.includes(each))) await forge.labels.add(ref, label);
  for (const label of remove.filter((each) => labelled.includes(each))) await forge.labels.remove(ref, label);
}

async function fromPreset(options: Options, session: Session, wishes: Wishes): Promise<readonly Outcome[]> {
  const { application, preset, name, ref } = options;
  if (application === undefined || preset === undefined || name === undefined || ref === undefined)
    throw userError('UpNeeds', 'up needs to know what for', {
      remedy: 'Give --pull-request N, or --application A --preset demo --name acme --ref main.',
    });
  const { config, forge } = session;
  const { name: applicationName, repositories } = applicationIn(config, application);
  const id = givenId({ application: applicationName, preset: presetName(preset), given: name }, config);
  const repository = firstRepository(repositories, config);
  const subject: Subject = {
    ...wishes,
    candidates: [{ id, preset: presetName(preset) }],
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
