import type { Application, Config, Preset } from '../config/config.js';
import { BivouacError } from '../model/errors.js';
import type { EnvironmentRecord } from '../model/environment.js';
import type { CommitSha, Override, PullRequest, RepositoryId, RepositoryName } from '../model/pull-request.js';
import type { DesiredEnvironment, Facts } from './facts.js';
import { isApproved, isFork } from './fork.js';
import { unknownApplication } from './unknown-application.js';
import { readLabels, type LabelWishes } from './labels.js';

/** Facts and configuration, put together once for all rows of the table. */
export interface Question {
  readonly facts: Facts;
  readonly config: Config;
  readonly application: Application;
  /** Absent: a record of a preset that the configuration no longer has. */
  readonly preset?: Preset;
  readonly pullRequest?: PullRequest;
  readonly record?: EnvironmentRecord;
  readonly labels: LabelWishes;
  /** Absent also where a fork's head isn't approved: what it says counts for nothing yet. */
  readonly override?: Override;
  /** A fork whose head commit nobody has approved, or that can't be. */
  readonly untrusted: boolean;
  readonly repository: RepositoryName;
  readonly repositoryId: RepositoryId;
  readonly head: CommitSha;
}

/** One row of the table: its answer, or nothing when it doesn't apply. */
export type Row = (question: Question) => DesiredEnvironment | undefined;

/** @throws UserError UnknownApplication; InternalError FactsIncomplete without pull request and revision */
export const questionOf = (facts: Facts, config: Config): Question => {
  const application = config.applications.get(facts.id.application);
  if (application === undefined) throw unknownApplication(facts.id.application, config);
  const { pullRequest, record, override } = facts;
  const preset = config.presets.get(facts.preset);
  const untrusted = pullRequest !== undefined && isUntrusted({ pullRequest, application, facts });
  return {
    facts,
    config,
    application,
    ...(preset === undefined ? {} : { preset }),
    ...(pullRequest === undefined ? {} : { pullRequest }),
    ...(record === undefined ? {} : { record }),
    labels: readLabels(pullRequest?.labels ?? []),
    ...(override === undefined || untrusted ? {} : { override }),
    untrusted,
    ...sourceOf(facts),
  };
};

const isUntrusted = (of: {
  readonly pullRequest: PullRequest;
  readonly application: Application;
  readonly facts: Facts;
}): boolean =>
  isFork(of.pullRequest) &&
  !(of.application.pullRequests.forks === 'approved' && isApproved(of.pullRequest, of.facts.approvals));

const sourceOf = ({ pullRequest, revision }: Facts): Pick<Question, 'repository' | 'repositoryId' | 'head'> => {
  if (pullRequest !== undefined)
    return { repository: pullRequest.repository, repositoryId: pullRequest.repositoryId, head: pullRequest.headSha };
  if (revision !== undefined)
    return { repository: revision.repository, repositoryId: revision.repositoryId, head: revision.sha };
  throw incomplete('neither a pull request nor a revision');
};

/** Our own mistake: the line didn't read what a decision needs. */
export const incomplete = (what: string): BivouacError =>
  new BivouacError({ class: 'InternalError', code: 'FactsIncomplete', message: `decide() got ${what}` });

/** Whether Git holds an environment of this very commit. */
export const isSameHead = ({ record, head }: Question): boolean => record?.headSha === head;
