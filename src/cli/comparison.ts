import { candidates } from '../decide/candidates.js';
import { labels, presetLabel, sameLabel } from '../decide/labels.js';
import type { Candidate, Facts } from '../decide/facts.js';
import { overrideFile, readPullRequest } from '../line/truth.js';
import { parseOverride } from '../config/override.js';
import { userError } from '../model/errors.js';
import type { FileTree } from '../model/manifest.js';
import type { Images } from '../model/environment.js';
import { type EnvironmentId, parseId, printId, sameId } from '../model/names.js';
import { nearest } from '../model/nearest.js';
import type { CommitSha, PullRequest } from '../model/pull-request.js';
import { reconcile } from '../reconcile.js';
import { environmentFiles } from '../synth/environment.js';
import type { Addressed } from './arguments.js';
import { uncounted } from './imagined.js';
import { called, manifestsOf, withoutHashes } from './manifests.js';
import { presentOf } from './rendering.js';
import { type Session, subjectOf } from './session.js';
import { readRecordOf, storedIn } from './stored.js';

/** Two sides of a diff; a side without files doesn't exist. */
export interface Comparison {
  readonly before?: FileTree;
  readonly after?: FileTree;
  /** Said beside it. */
  readonly note?: string;
}

/** `against`: `git`, `base`, the name of a preset, or another environment's address. @throws UserError UnknownComparison */
export async function comparison(target: Addressed, against: string, session: Session): Promise<Comparison> {
  if (against === 'git') return withGit(target, session);
  if (against === 'base') return withBase(target, session);
  const preset = [...session.config.presets.keys()].find((name) => name === against);
  if (preset !== undefined) return withPreset(target, preset, session);
  if (against.includes('/')) return withEnvironment(target, parseId(against), session);
  const meant = nearest(against, ['git', 'base', ...session.config.presets.keys()]);
  throw userError('UnknownComparison', `there is nothing called ${JSON.stringify(against)} to compare with`, {
    where: '--against',
    remedy: `${meant === undefined ? '' : `Did you mean ${meant}? `}Give git, base, a preset, or an environment such as shop/pr-7.`,
  });
}

/** What reconcile would commit now, beside what Git holds. */
async function withGit(target: Addressed, session: Session): Promise<Comparison> {
  const [result] = await reconcile(await subjectOf(target, session), session.line);
  if (result === undefined) return { note: 'nobody asks for this environment, and Git holds none' };
  const { plan, outcome } = result;
  const before = plan.stored === undefined ? {} : { before: plan.stored.files };
  switch (plan.kind) {
    case 'write':
      return { ...before, after: plan.rendering.files };
    case 'remove':
      return { ...before, note: outcome.message };
    case 'leave':
    case 'refuse':
      return { ...before, ...(plan.stored !== undefined && { after: plan.stored.files }), note: outcome.message };
  }
}

async function withBase(target: Addressed, session: Session): Promise<Comparison> {
  const read = await reading(target, session);
  const { pullRequest, own } = read;
  const { repository, baseSha } = pullRequest;
  const text = await session.forge.host.readFile({ repository, path: overrideFile, commit: baseSha });
  const base: PullRequest = { ...pullRequest, headSha: baseSha, labels: [] };
  const before = await filesOf(
    factsFor(
      target.id,
      { pullRequest: base, preset: own.preset, session },
      {
        images: await deployedImages(target.id, baseSha, session),
        ...(text !== undefined && { override: parseOverride(text, overrideFile) }),
      },
    ),
    session,
  );
  return { before, after: await headFiles(target, read, session) };
}

async function withPreset(target: Addressed, preset: Candidate['preset'], session: Session): Promise<Comparison> {
  const read = await reading(target, session);
  const { pullRequest } = read;
  const other = candidates(pullRequest, session.config).find(
    (each) => each.preset === preset && each.id.application === target.id.application,
  );
  if (other === undefined) return { note: `there is no environment of preset ${preset} for this pull request` };
  const asking: PullRequest = { ...pullRequest, labels: [...pullRequest.labels, presetLabel(preset)] };
  const images = await deployedImages(target.id, pullRequest.headSha, session);
  const files = await filesOf(factsFor(other.id, { pullRequest: asking, preset, session }, { images }), session);
  const before = called(files, { from: other.id, to: target.id });
  return { before: withoutHashes(before), after: withoutHashes(await headFiles(target, read, session)) };
}

async function withEnvironment(target: Addressed, other: EnvironmentId, session: Session): Promise<Comparison> {
  const base = await session.line.repository.read([target.id, other]);
  const before = called(manifestsOf(storedIn(base, other).files), { from: other, to: target.id });
  return { before: withoutHashes(before), after: withoutHashes(manifestsOf(storedIn(base, target.id).files)) };
}

/** The pull request, read once for both sides. */
interface Reading {
  readonly pullRequest: PullRequest;
  readonly override?: NonNullable<Facts['override']>;
  readonly own: Candidate;
}

async function reading({ id, ref }: Addressed, session: Session): Promise<Reading> {
  if (ref === undefined) throw noPullRequest('this environment has no pull request to compare with');
  const all = candidates(ref, session.config);
  const own = all.find((each) => sameId(each.id, id));
  const truth = await readPullRequest(ref, all, { host: session.forge.host, config: session.config });
  if (truth.pullRequest === undefined || own === undefined)
    throw noPullRequest('there is no pull request for this environment');
  const { pullRequest, override } = truth;
  return { pullRequest, own, ...(override !== undefined && { override }) };
}

const noPullRequest = (message: string) =>
  userError('NoPullRequest', message, {
    where: '--against',
    remedy: 'Compare with git, or with another environment such as shop/pr-7.',
  });

async function headFiles(
  target: Addressed,
  { pullRequest, override, own }: Reading,
  session: Session,
): Promise<FileTree> {
  const images = await deployedImages(target.id, pullRequest.headSha, session);
  return filesOf(
    factsFor(
      target.id,
      { pullRequest, preset: own.preset, session },
      { images, ...(override !== undefined && { override }) },
    ),
    session,
  );
}

/** What Git holds for this commit; for another one only what has no template, since nothing else says what would run. */
async function deployedImages(id: EnvironmentId, headSha: CommitSha, session: Session): Promise<Images> {
  const base = await session.line.repository.read([id]);
  if (!base.environments.has(printId(id))) return {};
  const { record } = readRecordOf(id, base);
  return record.headSha === headSha ? record.images : withoutTemplate(record.images, id, session);
}

const withoutTemplate = (images: Images, { application }: EnvironmentId, { config }: Session): Images => {
  const sources = config.applications.get(application)?.images ?? {};
  return Object.fromEntries(Object.entries(images).filter(([name]) => sources[name]?.template === undefined));
};

const factsFor = (
  id: EnvironmentId,
  {
    pullRequest,
    preset,
    session,
  }: { readonly pullRequest: PullRequest; readonly preset: Candidate['preset']; readonly session: Session },
  rest: Pick<Facts, 'override' | 'images'>,
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
  now: session.line.clock.now(),
  ...rest,
});

async function filesOf(facts: Facts, { config, line }: Session): Promise<FileTree> {
  const desired = presentOf(facts, config);
  const synthesis = await line.render(desired.spec);
  if ('kind' in synthesis) throw userError(synthesis.reason, synthesis.message);
  return manifestsOf(
    environmentFiles({ desired, components: synthesis.components, config, serializer: line.serializer }).files,
  );
}
