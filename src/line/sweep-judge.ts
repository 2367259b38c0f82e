import type { Config } from '../config/config.js';
import { decide, isAskedFor } from '../decide/decide.js';
import type { Candidate, Facts, Proof } from '../decide/facts.js';
import { isFork } from '../decide/fork.js';
import { presetLabel, readLabels } from '../decide/labels.js';
import type { EnvironmentRecord, StoredRecord } from '../model/environment.js';
import { isBivouacError } from '../model/errors.js';
import type { Approval, Override, PullRequest } from '../model/pull-request.js';
import type { Present } from './plan.js';

/** What is known of one environment that a pull request may concern. */
export interface Known {
  readonly candidate: Candidate;
  readonly pullRequest: PullRequest;
  readonly held?: { readonly read: StoredRecord; readonly readme: string };
  /** Absent: as it was listed, without what would have to be read for it alone. */
  readonly more?: { readonly approvals: readonly Approval[]; readonly override?: Override };
}

/**
 * Why something has to be done. `unfinished`: its teardown goes on; `wanted`: it is being torn down, and shall come back;
 * `unwished`: no label asks for its preset, and the override file, which may, hasn't been read; `perhaps`: more has to be read before
 * it can be told.
 */
export type Verdict =
  | 'nothing'
  | 'missing'
  | 'head'
  | 'lifetime'
  | 'selection'
  | 'unwanted'
  | 'unwished'
  | 'unfinished'
  | 'wanted'
  | 'refresh'
  | 'perhaps';

/** Needs no charts. */
export const isRemoval = (verdict: Verdict): boolean => verdict === 'unwanted' || verdict === 'unfinished';

export interface JudgeScope {
  readonly now: Date;
  readonly config: Config;
  readonly refresh?: boolean;
}

/** Compares what Git holds with what is wanted, without rendering: what only newer charts would change is nothing. */
export function judge(known: Known, scope: JudgeScope): Verdict {
  const { held } = known;
  if (held !== undefined && held.read.kind !== 'record') return 'nothing';
  const record = held?.read.kind === 'record' ? held.read.record : undefined;
  const isLeaving = record?.state === 'teardown';
  const facts = factsOf(known, record, scope);
  try {
    if (record === undefined && !isAskedFor(facts, scope.config)) return 'nothing';
    const desired = decide(facts, scope.config);
    switch (desired.kind) {
      case 'present':
        if (isLeaving) return 'wanted';
        return compare(desired, { record, readme: held?.readme ?? '', refresh: scope.refresh === true });
      case 'absent':
        if (!isLeaving) return mayBeWished(known, desired.proof) ? 'unwished' : 'unwanted';
        return desired.proof.kind === 'teardown' && mayBeApproved(known, scope.config) ? 'perhaps' : 'unfinished';
      case 'ignored':
        return desired.reason === 'Fork' && mayBeApproved(known, scope.config) ? 'perhaps' : 'nothing';
      case 'rejected':
        return 'nothing';
    }
  } catch (error) {
    if (isBivouacError(error) && error.code === 'FactsIncomplete') return 'perhaps';
    throw error;
  }
}

const factsOf = (
  { candidate, pullRequest, more }: Known,
  record: EnvironmentRecord | undefined,
  { now }: JudgeScope,
): Facts => ({
  ...candidate,
  pullRequest,
  approvals: more?.approvals ?? [],
  images: {},
  count: { total: 0, perRepository: 0, perAuthor: 0 },
  now,
  ...(more?.override !== undefined && { override: more.override }),
  ...(record !== undefined && { record }),
});

interface Compared {
  readonly record: EnvironmentRecord | undefined;
  readonly readme: string;
  readonly refresh: boolean;
}

function compare({ spec, expiresAt }: Present, { record, readme, refresh }: Compared): Verdict {
  if (record === undefined) return 'missing';
  if (record.headSha !== spec.headSha) return 'head';
  const recorded = record.expiresAt === '' ? undefined : Date.parse(record.expiresAt);
  if (recorded !== expiresAt?.getTime()) return 'lifetime';
  const asked = [...readme.matchAll(askedFor)].map(([, name]) => name);
  const chosen: readonly string[] = spec.with;
  const differs =
    spec.with.some((name) => !record.components.includes(name)) ||
    spec.without.some((name) => record.components.includes(name)) ||
    asked.some((name) => name !== undefined && !chosen.includes(name));
  if (differs) return 'selection';
  return refresh ? 'refresh' : 'nothing';
}

/** A row of the README’s component table: the only place that says that a component is in because somebody asked for it. */
const askedFor = /^\| \[([^\]]+)\]\([^)]*\) \| asked for \|/gm;

/** Labels are stronger than the override file; only where none asks for a preset, the file's word counts. */
const mayBeWished = ({ candidate, pullRequest, more }: Known, proof: Proof): boolean =>
  more === undefined &&
  proof.kind === 'no-label' &&
  proof.label === presetLabel(candidate.preset) &&
  readLabels(pullRequest.labels).presets.length === 0;

/** A fork's, whose approvals haven't been read. */
const mayBeApproved = ({ candidate, pullRequest, more }: Known, { applications }: Config): boolean =>
  more === undefined &&
  isFork(pullRequest) &&
  applications.get(candidate.id.application)?.pullRequests.forks === 'approved';
