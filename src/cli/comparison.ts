import { candidates } from '../decide/candidates.js';
import { presetLabel } from '../decide/labels.js';
import type { Candidate, Facts } from '../decide/facts.js';
import { readPullRequest } from '../line/truth.js';
import type { BaseCompared } from '../model/difference.js';
import { userError } from '../model/errors.js';
import type { FileTree } from '../model/manifest.js';
import type { Images } from '../model/environment.js';
import { type EnvironmentId, parseId, printId, sameId } from '../model/names.js';
import { nearest } from '../model/nearest.js';
import type { CommitSha, PullRequest } from '../model/pull-request.js';
import { reconcile } from '../reconcile.js';
import { compare } from '../synth/difference.js';
import type { Addressed } from './arguments.js';
import { baseFiles, factsFor, filesOf, imagesAt } from './base-side.js';
import { called, manifestsOf, withoutHashes } from './manifests.js';
import { type Session, subjectOf } from './session.js';
import { readRecordOf, storedIn } from './stored.js';

/** Two sides of a diff; a side without files doesn't exist. */
export interface Comparison {
  readonly before?: FileTree;
  readonly after?: FileTree;
  /** Against the base branch alone: what differs, noise aside. */
  readonly base?: BaseCompared;
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
  const { baseSha: commit, baseBranch: branch } = pullRequest;
  const images = await deployedImages(target.id, commit, session);
  const before = await baseFiles({ ...own, pullRequest, images }, session.line);
  const after = await headFiles(target, read, session);
  const { difference } = compare(before, after);
  return { before: manifestsOf(before), after: manifestsOf(after), base: { branch, commit, difference } };
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
  const { line } = session;
  const facts = factsFor({ ...other, pullRequest: asking }, { images, now: line.clock.now() });
  const before = called(manifestsOf(await filesOf(facts, line)), { from: other.id, to: target.id });
  const after = manifestsOf(await headFiles(target, read, session));
  return { before: withoutHashes(before), after: withoutHashes(after) };
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
  const { line } = session;
  const rest = { images, now: line.clock.now(), ...(override !== undefined && { override }) };
  return filesOf(factsFor({ ...own, pullRequest }, rest), line);
}

async function deployedImages(id: EnvironmentId, commit: CommitSha, session: Session): Promise<Images> {
  const base = await session.line.repository.read([id]);
  return base.environments.has(printId(id)) ? imagesAt(commit, readRecordOf(id, base).record, session.config) : {};
}
