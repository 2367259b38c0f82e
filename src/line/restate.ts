import type { Config } from '../config/config.js';
import { fluxKustomization } from '../controllers/flux/kustomization.js';
import type { Candidate } from '../decide/facts.js';
import type { Publish } from '../gitops/group.js';
import { commitMessage } from '../gitops/message.js';
import type { Base, Change, GitOpsRepository } from '../gitops/port.js';
import { publish } from '../gitops/publish.js';
import type { Clock } from '../model/clock.js';
import type { EnvironmentRecord } from '../model/environment.js';
import { directoryOf, sameId } from '../model/names.js';
import { type PullRequest, pullRequestNumber } from '../model/pull-request.js';
import { restate, type Restated, type Restatement } from '../synth/restate.js';
import type { Serializer } from '../synth/serialize.js';
import { outcomeOf, type Reconciled } from './outcome.js';
import { type Plan, type PlanFacts, type Present, readStored } from './plan.js';

/** Which environments shall have another end or another state; those that aren't there are passed over. */
export interface RestateSubject {
  readonly candidates: readonly Candidate[];
  readonly how: Restatement;
  /** The pull request that speaks: another's environment isn't its own. Absent: a person named them. */
  readonly owner?: Pick<PullRequest, 'repositoryId' | 'number'>;
}

/** What it takes: neither code host nor charts. */
export interface RestateLine {
  readonly config: Config;
  readonly repository: GitOpsRepository;
  readonly clock: Clock;
  /** Of Bivouac; commits carry it. */
  readonly version: string;
  readonly mode: 'push' | 'dry-run';
  readonly serializer: Serializer;
  /** @default `publish` on the repository */
  readonly publish?: Publish;
}

/** Changes what Git holds, from what it holds, in one push. @throws UserError UnreadableManifest, and what publishing throws */
export async function restateEnvironments(subject: RestateSubject, line: RestateLine): Promise<readonly Reconciled[]> {
  const { repository, clock, mode } = line;
  const publishHere: Publish = line.publish ?? ((ask, options) => publish(repository, ask, options));
  const { plan: plans, commit } = await publishHere(
    (base) => {
      const all = subject.candidates.flatMap((candidate) => planOf(candidate, { base, subject }, line));
      return Promise.resolve({ plan: all, changes: all.flatMap((each) => changeOf(each, subject.how, line)) });
    },
    { ids: subject.candidates.map(({ id }) => id), clock, mode },
  );
  return plans.map(({ plan, said }) => {
    const committed = commit.changes.find(({ id }) => sameId(id, plan.candidate.id));
    const headSha = plan.record?.headSha;
    const outcome = outcomeOf(plan, committed, { mode, looks: 'never', ...(headSha !== undefined && { headSha }) });
    if (said === undefined) return { plan, outcome };
    const isRehearsed = mode === 'dry-run' && outcome.outcome === 'Updated';
    return { plan, outcome: { ...outcome, message: isRehearsed ? `would be ${said}` : said } };
  });
}

interface Restating {
  readonly plan: Plan;
  /** Instead of the outcome's usual words. */
  readonly said?: string;
}

function planOf(
  candidate: Candidate,
  { base, subject }: { readonly base: Base; readonly subject: RestateSubject },
  line: RestateLine,
): readonly Restating[] {
  const read = readStored(candidate, base);
  if ('refused' in read) return read.refused.stored === undefined ? [] : [{ plan: read.refused }];
  const { stored, record } = read;
  if (stored === undefined || record === undefined) return [];
  if (!isOwn(record, subject)) return [{ plan: refused(read, 'OwnedByAnother', ownedBy(read, record)) }];

  const { config, serializer } = line;
  const next = restate(stored.files, subject.how, { record, now: line.clock.now(), config, serializer });
  switch (next.kind) {
    case 'too-long':
      return [{ plan: refused(read, 'OverrideNotAllowed', next.said) }];
    case 'leaving':
      return [
        { plan: { ...read, kind: 'leave', desired: { kind: 'ignored', reason: 'TearingDown', message: next.said } } },
      ];
    case 'same':
      return [{ plan: written(read, { files: stored.files, record, components: [] }, config), said: next.said }];
    case 'restated':
      return [{ plan: written(read, next, config), said: next.said }];
  }
}

const isOwn = ({ repositoryId, pullRequest }: EnvironmentRecord, { owner }: RestateSubject): boolean =>
  owner === undefined || (owner.repositoryId === repositoryId && String(owner.number) === pullRequest);

const ownedBy = ({ candidate }: PlanFacts, { repository, pullRequest }: EnvironmentRecord): string =>
  `${directoryOf(candidate.id)} belongs to ${repository}${pullRequest === '' ? '' : `#${pullRequest}`}. Nothing was changed.`;

const refused = (facts: PlanFacts, reason: 'OverrideNotAllowed' | 'OwnedByAnother', message: string): Plan => ({
  ...facts,
  ...{ kind: 'refuse', reason, message, violations: [] },
});

const written = (
  facts: PlanFacts,
  { files, record, components }: Pick<Restated, 'files' | 'record' | 'components'>,
  config: Config,
): Plan => ({
  ...facts,
  kind: 'write',
  desired: presentAs(record, config),
  rendering: { components, files, record, unknown: [], known: [], warnings: [] },
});

/** As far as it can be told without charts: what the pull request is told needs no more. */
const presentAs = (record: EnvironmentRecord, { domain, cluster }: Config): Present => {
  const { application, environment, name, preset, repository, pullRequest, headSha, state, images } = record;
  return {
    kind: 'present',
    spec: {
      ...{ application, environment, name, preset, repository, pullRequest, headSha, state, images },
      ...{ cluster: record.cluster, domain, exposure: cluster.exposure, with: [], without: [], variables: {} },
    },
    repositoryId: record.repositoryId,
    deployedAt: new Date(record.deployedAt),
    ...(record.expiresAt !== '' && { expiresAt: new Date(record.expiresAt) }),
    revives: false,
  };
};

function changeOf({ plan }: Restating, { kind: verb }: Restatement, line: RestateLine): readonly Change[] {
  if (plan.kind !== 'write') return [];
  const { id } = plan.candidate;
  const { files, record } = plan.rendering;
  const { forge, controller } = line.config;
  const message = commitMessage({
    ...{ id, forge, version: line.version, deed: { verb } },
    ...{ repository: record.repository, headSha: record.headSha },
    ...(record.pullRequest !== '' && { pullRequest: pullRequestNumber(record.pullRequest) }),
  });
  return [{ id, files, message, ...(controller.kind === 'flux' && { flux: fluxKustomization(record) }) }];
}
