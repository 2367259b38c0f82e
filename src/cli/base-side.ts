import { parseOverride } from '../config/override.js';
import type { Config } from '../config/config.js';
import { labels, presetLabel, sameLabel } from '../decide/labels.js';
import type { Candidate, Facts } from '../decide/facts.js';
import { overrideFile } from '../line/truth.js';
import type { EnvironmentRecord, EnvironmentState, Images } from '../model/environment.js';
import { userError } from '../model/errors.js';
import type { FileTree } from '../model/manifest.js';
import type { CommitSha, PullRequest } from '../model/pull-request.js';
import { check } from '../policy/check.js';
import type { Line } from '../reconcile.js';
import { environmentFiles } from '../synth/environment.js';
import { uncounted } from './imagined.js';
import { presentOf } from './rendering.js';

/** Whose environment is rendered, and what is deployed in it now. */
export interface BaseOf extends Candidate {
  readonly pullRequest: PullRequest;
  /** As `imagesAt` gives them for the base commit. */
  readonly images: Images;
  /** @default 'active' */
  readonly state?: EnvironmentState;
}

/**
 * The same environment made from the base branch's facts, `.bivouac.yaml` and images, with the charts at hand: the whole directory.
 * @throws BivouacError where it can't be made
 */
export async function baseFiles({ pullRequest, images, state, ...candidate }: BaseOf, line: Line): Promise<FileTree> {
  const { repository, baseSha } = pullRequest;
  const text = await line.host.readFile({ repository, path: overrideFile, commit: baseSha });
  const base: PullRequest = { ...pullRequest, headSha: baseSha, labels: [presetLabel(candidate.preset)] };
  const override = text === undefined ? undefined : parseOverride(text, overrideFile);
  const facts = factsFor(
    { ...candidate, pullRequest: base },
    { images, now: line.clock.now(), ...(override !== undefined && { override }) },
  );
  const { files, components, spec } = await rendered(facts, line, state);
  if (check(components, { spec, config: line.config }).some(({ rule }) => credentialRules.includes(rule)))
    throw userError('CredentialInBase', 'the base branch’s manifests hold what looks like a credential', {
      remedy: 'Replace it if it is a real one; once it is out of the base branch, the two can be compared.',
    });
  return files;
}

/** What they find is in nothing that was published, and must not get into a comment either. */
const credentialRules: readonly string[] = ['no-credentials', 'no-inline-secrets'];

/** What Git holds for this commit; for another one only what has no template, since nothing else says what would run. */
export const imagesAt = (
  commit: CommitSha,
  { application, headSha, images }: EnvironmentRecord,
  config: Config,
): Images => {
  if (headSha === commit) return images;
  const sources = config.applications.get(application)?.images ?? {};
  return Object.fromEntries(Object.entries(images).filter(([name]) => sources[name]?.template === undefined));
};

/** As if the pull request were open, its own repository's, and wanted. */
export const factsFor = (
  { id, preset, pullRequest }: Candidate & { readonly pullRequest: PullRequest },
  rest: Pick<Facts, 'override' | 'images' | 'now'>,
): Facts => ({
  id,
  preset,
  pullRequest: {
    ...pullRequest,
    state: 'open',
    headRepositoryId: pullRequest.repositoryId,
    changedFiles: [],
    labels: pullRequest.labels.filter((label) => !sameLabel(label, labels.off) && !sameLabel(label, labels.expired)),
  },
  approvals: [],
  count: uncounted,
  ...rest,
});

/** @throws UserError where the facts ask for what isn’t allowed, and what charts throw */
export const filesOf = async (facts: Facts, line: Line): Promise<FileTree> => (await rendered(facts, line)).files;

async function rendered(facts: Facts, line: Line, state?: EnvironmentState) {
  const { config, serializer } = line;
  const present = presentOf(facts, config);
  const desired = state === undefined ? present : { ...present, spec: { ...present.spec, state } };
  const synthesis = await line.render(desired.spec);
  if ('kind' in synthesis) throw userError(synthesis.reason, synthesis.message);
  const { components } = synthesis;
  const { files } = environmentFiles({ desired, components, config, serializer });
  return { files, components, spec: desired.spec };
}
