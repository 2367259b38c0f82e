import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Config } from '../../src/config/config.js';
import { decide } from '../../src/decide/decide.js';
import type { DesiredEnvironment, Facts } from '../../src/decide/facts.js';
import { teardownEnd } from '../../src/decide/teardown.js';
import type { TeardownState } from '../../src/model/teardown.js';
import { printTime, type EnvironmentRecord } from '../../src/model/environment.js';
import type { Approval, PullRequest } from '../../src/model/pull-request.js';
import {
  application,
  config,
  facts,
  fork,
  hour,
  later,
  minute,
  now,
  override,
  pullRequest,
  recordOf,
  sha,
} from './builders.js';

/** A pull request, the code host and Git, as far as one environment sees them. */
interface World {
  readonly pullRequest: PullRequest;
  readonly heads: number;
  readonly approvals: readonly Approval[];
  readonly record?: EnvironmentRecord;
  readonly at: Date;
  /** Whether what is deployed asks for work before it goes, and what is seen of that. */
  readonly declares: boolean;
  readonly seen?: TeardownState;
}

type Step =
  | { readonly kind: 'push' | 'close' | 'reopen' | 'draft' | 'sweep' | 'extend' | 'sleep' | 'teardown' }
  | { readonly kind: 'see'; readonly seen: TeardownState }
  | { readonly kind: 'label'; readonly label: string }
  | { readonly kind: 'approve'; readonly permission: Approval['permission'] }
  | { readonly kind: 'wait'; readonly hours: number }
  /** The event of a push, however late or often: `back` commits before the head. */
  | { readonly kind: 'event'; readonly back: number; readonly images: boolean };

const names = [
  'on',
  'off',
  'expired',
  'keep',
  'with-web',
  'without-api',
  'preset-pull-request',
  'preset-e2e',
  'preset-?',
];
const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Step>({ kind: 'push' }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('event' as const), back: fc.nat(2), images: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.constantFrom(...names).map((name): Step => ({ kind: 'label', label: `bivouac:${name}` })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom<TeardownState>('done', 'failed', 'running', 'unknown')
      .map((seen): Step => ({ kind: 'see', seen })),
  },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 200 }).map((hours): Step => ({ kind: 'wait', hours })) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('write' as const, 'triage' as const)
      .map((permission): Step => ({ kind: 'approve', permission })),
  },
  {
    weight: 5,
    arbitrary: fc
      .constantFrom(
        'close' as const,
        'reopen' as const,
        'draft' as const,
        'sweep' as const,
        'extend' as const,
        'sleep' as const,
        'teardown' as const,
      )
      .map((kind): Step => ({ kind })),
  },
);

const worlds = fc.record({
  declares: fc.boolean(),
  isFork: fc.boolean(),
  forks: fc.constantFrom('never' as const, 'approved' as const),
  label: fc.constantFrom('optional' as const, 'required' as const),
  keep: fc.boolean(),
  lifetime: fc.constantFrom(undefined, 3 * hour, 500 * hour),
  limit: fc.constantFrom(0, 9),
  steps: fc.array(steps, { minLength: 1, maxLength: 25 }),
});

const toggled = (subject: PullRequest, label: string): PullRequest => ({
  ...subject,
  labels: subject.labels.includes(label)
    ? subject.labels.filter((other) => other !== label)
    : [...subject.labels, label],
});
const withRecord = (world: World, more: Partial<EnvironmentRecord>): World =>
  world.record === undefined ? world : { ...world, record: { ...world.record, ...more } };

const tornDown = ({ at }: World): Partial<EnvironmentRecord> => ({
  state: 'teardown',
  expiresAt: printTime(later(10 * minute, at)),
});

const happen = (world: World, step: Step): World => {
  const { pullRequest: subject, heads, record } = world;
  switch (step.kind) {
    case 'push':
      return { ...world, heads: heads + 1, pullRequest: { ...subject, headSha: sha(heads + 1) } };
    case 'close':
      return { ...world, pullRequest: { ...subject, state: 'closed' } };
    case 'reopen':
      return { ...world, pullRequest: { ...subject, state: 'open' } };
    case 'draft':
      return { ...world, pullRequest: { ...subject, draft: !subject.draft } };
    case 'label':
      return { ...world, pullRequest: toggled(subject, step.label) };
    case 'approve':
      return {
        ...world,
        approvals: [...world.approvals, { by: 'm', commit: subject.headSha, permission: step.permission }],
      };
    case 'wait':
      return { ...world, at: later(step.hours * hour + 1, world.at) };
    case 'extend':
      return record === undefined || record.expiresAt === ''
        ? world
        : withRecord(world, { expiresAt: printTime(later(48 * hour, new Date(record.expiresAt))) });
    case 'sleep':
      return withRecord(world, { state: 'asleep' });
    case 'teardown':
      return withRecord(world, tornDown(world));
    case 'see':
      return { ...world, seen: step.seen };
    case 'event':
    case 'sweep':
      return world;
  }
};

const factsOf = (
  world: World,
  step: Step,
  more: { readonly of: Config; readonly lifetime: number | undefined },
): Facts =>
  facts(
    {
      pullRequest: world.pullRequest,
      approvals: world.approvals,
      now: world.at,
      count: { total: 1, perRepository: 1, perAuthor: 1 },
      ...(world.record === undefined ? {} : { record: world.record }),
      ...(more.lifetime === undefined ? {} : { override: override({ lifetime: more.lifetime }) }),
      ...(step.kind === 'event'
        ? {
            hint: { headSha: sha(Math.max(1, world.heads - step.back)), pushed: true },
            images: step.images ? { api: `r/api:${world.heads - step.back}` } : {},
          }
        : {}),
    },
    more.of,
  );

/** What the line does with an answer: labels first, then Git. */
const carryOut = (world: World, desired: DesiredEnvironment): World => {
  const { record, pullRequest: subject, heads, approvals, at, declares } = world;
  const rest: World = { pullRequest: subject, heads, approvals, at, declares };
  const ends = record === undefined || record.state !== 'teardown' ? !world.declares : hasEnded(world, record);
  const without: World = ends ? rest : record?.state === 'teardown' ? world : withRecord(world, tornDown(world));
  const labels = world.pullRequest.labels.filter((label) => label !== 'bivouac:expired');
  if (desired.kind === 'absent')
    return desired.proof.kind === 'lifetime'
      ? { ...without, pullRequest: { ...world.pullRequest, labels: [...labels, 'bivouac:expired'] } }
      : without;
  if (desired.kind !== 'present') return world;
  return {
    ...world,
    pullRequest: desired.revives ? { ...world.pullRequest, labels } : world.pullRequest,
    record: recordOf(desired),
  };
};

const hasEnded = ({ seen, at }: World, record: EnvironmentRecord): boolean =>
  teardownEnd(record, { now: at, ...(seen !== undefined && { seen }) }) !== undefined;

const isProven = ({ pullRequest: subject, record, at }: World, desired: DesiredEnvironment): boolean => {
  if (desired.kind !== 'absent') return true;
  const { proof } = desired;
  switch (proof.kind) {
    case 'closed':
      return subject.state === 'closed';
    case 'label':
      return subject.labels.includes(proof.label);
    case 'no-label':
      return !subject.labels.includes(proof.label);
    case 'lifetime':
      return (
        record?.expiresAt === proof.expiresAt && proof.expiresAt !== '' && Date.parse(proof.expiresAt) <= at.getTime()
      );
    case 'teardown':
      return record?.state === 'teardown';
    case 'requested':
      return false;
  }
};

const isTrusted = ({ pullRequest: subject, approvals }: World, forks: 'never' | 'approved'): boolean =>
  subject.headRepositoryId === subject.repositoryId ||
  (forks === 'approved' &&
    approvals.some(({ commit, permission }) => commit === subject.headSha && permission === 'write'));

interface Deciding {
  readonly of: Config;
  readonly forks: 'never' | 'approved';
  readonly lifetime: number | undefined;
}

/** The promises that an answer breaks, by name. */
const broken = (world: World, desired: DesiredEnvironment, deciding: Deciding): readonly string[] => {
  const { pullRequest: subject, record } = world;
  const promises: Readonly<Record<string, boolean>> = {
    'removal has a proof': isProven(world, desired),
    'only what is there is removed': record !== undefined || desired.kind !== 'absent',
    'closed is never present': subject.state === 'open' || desired.kind !== 'present',
    'off is never present': !subject.labels.includes('bivouac:off') || desired.kind !== 'present',
    ...(desired.kind === 'present' ? promisesOf(desired, world, deciding) : {}),
  };
  return Object.keys(promises).filter((name) => promises[name] !== true);
};

const promisesOf = (
  desired: Extract<DesiredEnvironment, { kind: 'present' }>,
  world: World,
  { of, forks, lifetime }: Deciding,
): Readonly<Record<string, boolean>> => {
  const { pullRequest: subject, record, at } = world;
  const sameHead = record?.headSha === subject.headSha;
  // The same a moment later, with the record that was written, as a sweep sees it.
  const next = { ...carryOut(world, desired), at: later(500, at) };
  const again = decide(factsOf(next, { kind: 'sweep' }, { of, lifetime }), of);
  return {
    'a fork is approved for this very head': isTrusted(world, forks),
    'it is the head that is deployed': desired.spec.headSha === subject.headSha,
    'what is present has not ended': desired.expiresAt === undefined || desired.expiresAt > at,
    'an end never moves back':
      record === undefined ||
      record.expiresAt === '' ||
      record.state === 'teardown' ||
      desired.expiresAt === undefined ||
      desired.expiresAt.getTime() >= Date.parse(record.expiresAt),
    'the same head was deployed when it was': !sameHead || printTime(desired.deployedAt) === record?.deployedAt,
    'the same head keeps its end, but for keep':
      !sameHead ||
      record?.expiresAt === '' ||
      record?.state === 'teardown' ||
      subject.labels.includes('bivouac:keep') ||
      (desired.expiresAt !== undefined && printTime(desired.expiresAt) === record?.expiresAt),
    'what comes back is awake, for a whole lifetime':
      record?.state !== 'teardown' ||
      (desired.spec.state === 'active' &&
        (desired.expiresAt === undefined || desired.expiresAt.getTime() >= at.getTime() + 2 * hour)),
    'deciding again changes no byte': JSON.stringify(again) === JSON.stringify({ ...desired, revives: false }),
  };
};

/** The rarest of the answers below: chance alone comes past it in most runs, not in all. */
const draftWhileTornDown: typeof worlds extends fc.Arbitrary<infer Of> ? Of : never = {
  ...{ declares: true, isFork: false, forks: 'never', label: 'optional', keep: false, lifetime: 500 * hour, limit: 9 },
  steps: (['sweep', 'draft', 'teardown'] as const).map((kind) => ({ kind })),
};

describe('random histories of one pull request', () => {
  test('keep every promise at every step', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(worlds, ({ isFork, forks, label, keep, lifetime, limit, declares, steps: history }) => {
        const of = config({
          applications: [application({ pullRequests: { forks, label }, overrides: { keep, lifetime: 600 * hour } })],
          limits: { total: limit },
        });
        const subject = (isFork ? fork : pullRequest)({ headSha: sha(1) });
        let world: World = { pullRequest: subject, heads: 1, approvals: [], at: now, declares };
        for (const step of history) {
          world = happen(world, step);
          const asked = factsOf(world, step, { of, lifetime });
          const desired = decide(asked, of);
          seen.add(desired.kind === 'present' ? 'present' : `${desired.kind} ${desired.reason}`);
          expect(broken(world, desired, { of, forks, lifetime })).toEqual([]);
          expect(decide(asked, of)).toEqual(desired);
          world = carryOut(world, desired);
        }
      }),
      { numRuns: 400, examples: [[draftWhileTornDown]] },
    );
    // The histories reach every kind of answer, or the promises above were kept for nothing.
    expect([...seen].sort()).toEqual([
      'absent Closed',
      'absent Expired',
      'absent Off',
      'absent TornDown',
      'ignored Closed',
      'ignored Draft',
      'ignored Expired',
      'ignored Fork',
      'ignored LimitReached',
      'ignored NotOn',
      'ignored Off',
      'ignored Superseded',
      'present',
      'rejected OverrideNotAllowed',
    ]);
  });
});
