import type { Config } from './config/config.js';
import { decide, isAskedFor } from './decide/decide.js';
import type { Candidate, EnvironmentCount, Facts } from './decide/facts.js';
import { countFor } from './decide/limits.js';
import type { CodeHost, Labels } from './forges/port.js';
import type { Base, GitOpsRepository } from './gitops/port.js';
import type { Publish } from './gitops/group.js';
import { publish } from './gitops/publish.js';
import { changeOf } from './line/change.js';
import { outcomeOf, type OutcomeContext, type Reconciled } from './line/outcome.js';
import { type Plan, planEnvironment, readStored, type Render, type Stored } from './line/plan.js';
import { refuseMassRemoval, refuseUnknownComponents } from './line/together.js';
import type { Truth } from './line/truth.js';
import { type Observe, untilTornDown, withLooks } from './line/watch.js';
import type { Clock } from './model/clock.js';
import type { Serializer } from './synth/serialize.js';
import type { Images } from './model/environment.js';
import { sameId } from './model/names.js';
import type { PullRequestRef } from './model/pull-request.js';

/** Whose environments are brought to what is true now. */
export interface Subject {
  /** Absent: a preset without a pull request. */
  readonly ref?: PullRequestRef;
  readonly candidates: readonly Candidate[];
  /** Read anew for every attempt to publish: a newer truth is never overwritten by an older one. */
  truth(): Promise<Truth>;
  readonly images: Images;
  readonly asked?: NonNullable<Facts['asked']>;
  /** A removal that a person asked for needs no other fact. @default decide */
  readonly decide?: typeof decide;
}

/** What the line works with; wired by the entrances. */
export interface Line {
  readonly config: Config;
  readonly repository: GitOpsRepository;
  readonly host: CodeHost;
  readonly labels: Labels;
  readonly render: Render;
  readonly clock: Clock;
  /** Of Bivouac; commits carry it. */
  readonly version: string;
  readonly mode: 'push' | 'dry-run';
  readonly serializer: Serializer;
  /** How it gets into Git: a service joins what is pending into one push. @default `publish` on the repository */
  readonly publish?: Publish;
  /** Looks at teardown tasks, so that the same run ends a removal. @default nobody looks: a run after their deadline ends it */
  readonly observe?: Observe;
  /** Whether a run waits for teardown tasks, or looks once and leaves the rest to a later one, as a service or a sweep must. @default 'until-done' */
  readonly looks?: 'until-done' | 'once';
}

export type { Reconciled };

/**
 * THE LINE: facts, decision, manifests, check, publish, for all environments of one pull request in one push. Where teardown tasks run
 * and somebody looks at them, it is gone along again until they have ended.
 */
export async function reconcile(subject: Subject, line: Line): Promise<readonly Reconciled[]> {
  const once = () => reconcileOnce(subject, line);
  return looksOf(line) === 'until-done' && line.mode === 'push' ? untilTornDown(once, line.clock) : once();
}

const looksOf = ({ observe, looks = 'until-done' }: Line): OutcomeContext['looks'] =>
  observe === undefined ? 'never' : looks;

async function reconcileOnce(subject: Subject, line: Line): Promise<readonly Reconciled[]> {
  const { clock, mode } = line;
  const publishing = line.publish === undefined ? alone(subject, line) : grouped(subject, line.publish);
  const { plan, commit } = await publishing.publish(
    async (base: Base, attempt: number) => {
      const truth = await publishing.truth(attempt);
      const plans = await planAll(subject, { truth, base }, line);
      if (mode === 'push') await setLabels(subject, plans, line.labels);
      return {
        plan: { truth, plans },
        changes: plans.flatMap((each) => changeOf(each, { truth, config: line.config, version: line.version })),
      };
    },
    { ids: subject.candidates.map(({ id }) => id), clock, mode },
  );

  const { truth, plans } = plan;
  const headSha = truth.pullRequest?.headSha ?? truth.revision?.sha;
  const context = { mode, looks: looksOf(line), ...(headSha !== undefined && { headSha }) };
  return plans.map((each) => {
    const committed = commit.changes.find(({ id }) => sameId(id, each.candidate.id));
    return { plan: each, outcome: outcomeOf(each, committed, context) };
  });
}

interface Publishing {
  readonly publish: Publish;
  readonly truth: (attempt: number) => Promise<Truth>;
}

/** The first truth is read while Git is. */
function alone(subject: Subject, { repository }: Line): Publishing {
  const first = subject.truth();
  first.catch(() => undefined); // awaited by the first attempt, unless reading Git fails before
  return {
    publish: (ask, options) => publish(repository, ask, options),
    truth: (attempt) => (attempt === 1 ? first : subject.truth()),
  };
}

/** An ask may have waited for a whole push of others: a truth from before would be older than the base. */
const grouped = (subject: Subject, publishHere: Publish): Publishing => ({
  publish: publishHere,
  truth: () => subject.truth(),
});

interface Reading {
  readonly truth: Truth;
  readonly base: Base;
}

async function planAll(subject: Subject, reading: Reading, line: Line): Promise<readonly Plan[]> {
  const { base } = reading;
  const reads = await withLooks(
    subject.candidates.map((each) => readStored(each, base)),
    { base, observe: line.observe },
  );
  const plans = await Promise.all(reads.map((each) => planOne(each, { ...reading, subject }, line)));
  const wanted = plans.filter((each) => each !== undefined);
  return refuseMassRemoval(refuseUnknownComponents(wanted), reading.base.names.length, line.config.limits);
}

/** Undefined: a preset that nobody asked for and that isn't there. */
async function planOne(
  stored: Stored,
  { subject, truth, base }: Reading & { readonly subject: Subject },
  line: Line,
): Promise<Plan | undefined> {
  const { candidate } = 'refused' in stored ? stored.refused : stored;
  const facts = factsOf(candidate, 'refused' in stored ? undefined : stored.record, { subject, truth, line });
  if ('refused' in stored)
    return stored.refused.stored !== undefined || isAskedFor(facts, line.config) ? stored.refused : undefined;
  if (stored.record === undefined && !isAskedFor(facts, line.config)) return undefined;

  const counted = stored.record === undefined ? { ...facts, count: await countNow(facts, base, line) } : facts;
  const { config, render, serializer } = line;
  const { refusal } = truth;
  return planEnvironment(counted, stored, {
    config,
    render,
    serializer,
    decide: subject.decide ?? decide,
    ...(refusal !== undefined && { refusal }),
  });
}

const uncounted: EnvironmentCount = { total: 0, perRepository: 0, perAuthor: 0 };

function factsOf(
  { id, preset }: Candidate,
  record: Facts['record'],
  { subject, truth, line }: { readonly subject: Subject; readonly truth: Truth; readonly line: Line },
): Facts {
  const { pullRequest, revision, approvals, override, hint } = truth;
  return {
    id,
    preset,
    approvals,
    images: subject.images,
    count: uncounted,
    now: line.clock.now(),
    ...(pullRequest !== undefined && { pullRequest }),
    ...(revision !== undefined && { revision }),
    ...(override !== undefined && { override }),
    ...(hint !== undefined && { hint }),
    ...(record !== undefined && { record }),
    ...(subject.asked !== undefined && { asked: subject.asked }),
  };
}

/** Limits stop new environments only, so the open pull requests are listed only where one would be created. */
async function countNow(facts: Facts, base: Base, { config, host }: Line): Promise<EnvironmentCount> {
  const repository = facts.pullRequest?.repository ?? facts.revision?.repository;
  if (repository === undefined || decide(facts, config).kind !== 'present') return uncounted;
  const open = facts.pullRequest === undefined ? [] : await host.listOpen(repository);
  return countFor(facts.id, {
    names: base.names,
    config,
    repository,
    open,
    ...(facts.pullRequest !== undefined && { author: facts.pullRequest.author }),
  });
}

/** Labels are the state: `bivouac:expired` is set before its environment goes, else the next sweep would bring it back. */
async function setLabels({ ref }: Subject, plans: readonly Plan[], labels: Labels): Promise<void> {
  if (ref === undefined) return;
  const expires = plans.some((each) => each.kind === 'remove' && each.desired.proof.kind === 'lifetime');
  const revives = plans.some((each) => each.kind === 'write' && each.desired.revives);
  if (expires) await labels.add(ref, 'bivouac:expired');
  else if (revives) await labels.remove(ref, 'bivouac:expired');
}
