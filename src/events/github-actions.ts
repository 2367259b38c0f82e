import * as z from 'zod';
import { isBivouacError, userError } from '../model/errors.js';
import {
  type CommitSha,
  commitSha,
  type PullRequestRef,
  pullRequestNumber,
  type RepositoryName,
  repositoryName,
} from '../model/pull-request.js';
import type { CiSystem, EventAdapter, EventReading, Variables } from './adapter.js';

const system = 'github-actions';

const repository = z.object({
  full_name: z.string(),
  id: z.number().optional(),
  default_branch: z.string().default('main'),
});
const pullRequestEvent = z.object({
  action: z.string(),
  repository,
  pull_request: z.object({
    number: z.number(),
    head: z.object({ sha: z.string(), repo: z.object({ id: z.number() }).nullish() }),
    base: z.object({ ref: z.string(), repo: z.object({ id: z.number() }) }),
    labels: z.array(z.object({ name: z.string() })).default([]),
  }),
});
const issueEvent = z.object({
  action: z.string().optional(),
  repository,
  issue: z.object({ number: z.number(), pull_request: z.object({}).optional() }),
  comment: z.object({ id: z.number() }).optional(),
});
const workflowRunEvent = z.object({
  repository,
  workflow_run: z.object({
    head_sha: z.string(),
    head_repository: z.object({ id: z.number() }).nullish(),
    pull_requests: z
      .array(z.object({ number: z.number(), base: z.object({ repo: z.object({ id: z.number() }) }) }))
      .default([]),
  }),
});

/** The event file: the variables name a merge commit and never the number. */
export const githubActions: EventAdapter = {
  detect: (env: Variables): CiSystem | undefined =>
    env['GITHUB_ACTIONS'] === 'true'
      ? { name: system, ...(env['GITHUB_EVENT_PATH'] && { payloadPath: env['GITHUB_EVENT_PATH'] }) }
      : undefined,
  read: (env, payload) => {
    const event = env['GITHUB_EVENT_NAME'] ?? '';
    try {
      return readers.get(event)?.(payload) ?? plain(event, env);
    } catch (error) {
      if (!isBivouacError(error) && !(error instanceof z.ZodError)) throw error;
      throw userError(
        'InvalidEvent',
        `The event file is not that of a ${JSON.stringify(event)} event: ${reasonOf(error)}.`,
        {
          where: 'GITHUB_EVENT_PATH',
          remedy: 'Name the pull request: --pull-request and --repository.',
          cause: error,
        },
      );
    }
  },
};

const reasonOf = (error: Error): string => {
  const issue = error instanceof z.ZodError ? error.issues[0] : undefined;
  return issue === undefined ? error.message : `"${issue.path.join('.')}" is missing or of another type`;
};

const readPullRequest = (payload: unknown): EventReading => {
  const event = pullRequestEvent.parse(payload);
  const { number, head, base, labels } = event.pull_request;
  const reading = found(event.repository.full_name, number, {
    headSha: commitSha(head.sha),
    ...(event.action === 'synchronize' && { pushed: true }),
  });
  // no head repository: the fork was deleted
  const fork = head.repo?.id === base.repo.id ? {} : { fork: { baseBranch: base.ref } };
  return { ...reading, labels: labels.map(({ name }) => name), ...fork };
};

const readComment = (payload: unknown): EventReading => {
  const { action, repository: of, issue, comment } = issueEvent.parse(payload);
  if (issue.pull_request !== undefined)
    return {
      ...found(of.full_name, issue.number, {}),
      ...(action === 'created' && comment !== undefined && { comment: comment.id }),
    };
  return { kind: 'none', system, event: 'issue_comment', repository: repositoryName(of.full_name) };
};

/** GitHub names the pull request unless it comes from a fork; an artifact of that run proves nothing. */
const readWorkflowRun = (payload: unknown): EventReading => {
  const { repository: of, workflow_run: run } = workflowRunEvent.parse(payload);
  const headSha = commitSha(run.head_sha);
  const [first, ...others] = run.pull_requests.filter(({ base }) => base.repo.id === of.id);
  if (first !== undefined && others.length === 0) return found(of.full_name, first.number, { headSha });
  const fork = run.head_repository?.id === of.id ? {} : { fork: { baseBranch: of.default_branch } };
  return { kind: 'none', system, event: 'workflow_run', repository: repositoryName(of.full_name), headSha, ...fork };
};

const readers = new Map<string, (payload: unknown) => EventReading>([
  ['pull_request', readPullRequest],
  ['pull_request_target', readPullRequest],
  ['issue_comment', readComment],
  ['workflow_run', readWorkflowRun],
]);

const found = (
  repositoryText: string,
  number: number,
  rest: { readonly headSha?: CommitSha; readonly pushed?: boolean },
): Extract<EventReading, { kind: 'pull-request' }> => {
  const ref: PullRequestRef = {
    forge: 'github',
    repository: repositoryName(repositoryText),
    number: pullRequestNumber(number),
    ...rest,
  };
  return { kind: 'pull-request', ref };
};

/** Events without a pull request say little; where they ran is in the variables. */
const plain = (event: string, env: Variables): EventReading => {
  const written = env['GITHUB_REPOSITORY'] ?? '';
  const at: { repository?: RepositoryName } = written === '' ? {} : { repository: repositoryName(written) };
  const kind = event === 'schedule' || event === 'workflow_dispatch' ? 'schedule' : 'none';
  return { kind, system, event, ...at };
};
