import type { Config } from '../config/config.js';
import { isCi } from '../config/environment.js';
import { candidates, defaultPreset } from '../decide/candidates.js';
import type { Facts } from '../decide/facts.js';
import { labels as switches, presetLabel, readLabels, sameLabel, withLabel, withoutLabel } from '../decide/labels.js';
import type { EventReading } from '../events/event.js';
import { userError } from '../model/errors.js';
import type { Images } from '../model/environment.js';
import { commitSha } from '../model/pull-request.js';
import { applicationIn, onlyApplication, presetIn, refOf } from './arguments.js';
import { readCiEvent } from './ci-event.js';
import { imagined, uncounted, unknownId } from './imagined.js';
import type { Context } from './context.js';

export interface RenderFlags {
  readonly application?: string;
  readonly pullRequest?: string;
  readonly repository?: string;
  readonly headSha?: string;
  readonly preset?: string;
  readonly name?: string;
  readonly ref?: string;
  readonly with?: readonly string[];
  readonly without?: readonly string[];
}

interface Sources {
  readonly config: Config;
  readonly context: Context;
  readonly images: Images;
  readonly override: Facts['override'];
}

/** Facts from flags or the event file alone. @throws UserError RenderNeeds, UnknownApplication, InvalidCommit */
export async function offlineFacts(flags: RenderFlags, sources: Sources): Promise<Facts> {
  const common = {
    approvals: [],
    images: sources.images,
    count: uncounted,
    now: sources.context.io.clock.now(),
    ...(sources.override !== undefined && { override: sources.override }),
  };
  if (flags.pullRequest === undefined && flags.name !== undefined)
    return { ...common, ...(await named(flags, sources.config)) };
  const event =
    flags.pullRequest === undefined && isCi(sources.context.io.environment)
      ? await readCiEvent(sources.context.io)
      : undefined;
  return { ...common, ...ofPullRequest(flags, event, sources) };
}

async function named(flags: RenderFlags, config: Config): Promise<Pick<Facts, 'id' | 'preset' | 'revision' | 'asked'>> {
  const { application, preset, name, ref } = flags;
  if (preset === undefined || name === undefined || ref === undefined)
    throw needs([preset === undefined && '--preset', name === undefined && '--name', ref === undefined && '--ref']);
  const { name: applicationName, repositories } = onlyApplication(config, application);
  const { givenId } = await import('../decide/given.js'); // its alphabets take as long to load as a whole configuration
  const { name: presetName } = presetIn(config, preset);
  const id = givenId({ application: applicationName, preset: presetName, given: name }, config);
  const revision = { repository: repositories[0]!.name, repositoryId: unknownId, sha: commitSha(ref) };
  return { id, preset: presetName, revision, asked: { with: flags.with ?? [], without: flags.without ?? [] } };
}

function ofPullRequest(
  flags: RenderFlags,
  event: EventReading | undefined,
  { config }: Sources,
): Pick<Facts, 'id' | 'preset' | 'pullRequest'> {
  const ref =
    event?.kind === 'pull-request'
      ? event.ref
      : flags.pullRequest === undefined
        ? undefined
        : refOf(config, { ...flags, pullRequest: flags.pullRequest });
  if (ref?.headSha === undefined) throw needs([ref === undefined && '--pull-request', '--head-sha']);
  const labels = [
    ...(event?.kind === 'pull-request' ? (event.labels ?? []) : []),
    ...(flags.with ?? []).map(withLabel),
    ...(flags.without ?? []).map(withoutLabel),
    ...(flags.preset === undefined ? [] : [presetLabel(flags.preset)]),
  ];
  const { name: preset } = presetIn(config, flags.preset ?? readLabels(labels).presets[0] ?? defaultPreset);
  const application = flags.application === undefined ? undefined : applicationIn(config, flags.application).name;
  const all = candidates(ref, config).filter(({ preset: each }) => each === preset);
  if (application === undefined && all.length > 1)
    throw userError('ApplicationNeeded', `pull request ${ref.number} concerns several applications`, {
      where: '--application',
      remedy: `Give one of: ${all.map(({ id }) => id.application).join(', ')}.`,
    });
  const found = application === undefined ? all[0] : all.find(({ id }) => id.application === application);
  if (found === undefined)
    throw userError('UnknownPreset', `${ref.repository}#${ref.number} can have no environment of preset "${preset}"`, {
      where: '--preset',
      remedy: `There are: ${[...config.presets.keys()].join(', ')}.`,
    });
  const kept = labels.filter((label) => !sameLabel(label, switches.off) && !sameLabel(label, switches.expired));
  return { ...found, pullRequest: imagined(ref, ref.headSha, kept) };
}

const needs = (missing: readonly (string | false)[]) =>
  userError('RenderNeeds', `render asks nobody: ${missing.filter((flag) => flag !== false).join(', ')} is missing`, {
    remedy:
      'Give --application A --pull-request N --head-sha SHA, or --application A --preset demo --name acme --ref SHA.',
  });
