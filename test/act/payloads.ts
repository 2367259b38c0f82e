import type { FakeGitHub } from '../../src/demo/fake-github/server.js';

/** Of a run that is over, as a `workflow_run` event names it. */
export interface FinishedRun {
  readonly id: number;
  readonly headSha: string;
  readonly headBranch: string;
  /** Where the head lies. @default the repository itself */
  readonly headRepository?: { readonly id: number; readonly name: string };
  /** What GitHub names of it; of a fork, none. @default none */
  readonly pullRequests?: readonly number[];
}

const shop = { id: 724_712, full_name: 'acme/shop', name: 'shop', default_branch: 'main' };

export const schedulePayload = { schedule: '23 * * * *' };

export const runPayload = (finished: FinishedRun): object => {
  const { id, headSha, headBranch, headRepository = { id: shop.id, name: shop.full_name } } = finished;
  return {
    action: 'completed',
    repository: shop,
    workflow_run: {
      ...{ id, name: 'render', event: 'pull_request', conclusion: 'success' },
      ...{ head_sha: headSha, head_branch: headBranch },
      head_repository: { id: headRepository.id, full_name: headRepository.name },
      pull_requests: (finished.pullRequests ?? []).map((number) => ({
        number,
        head: { sha: headSha, ref: headBranch },
        base: { ref: 'main', repo: { id: shop.id } },
      })),
    },
  };
};

export interface Comment {
  readonly id: number;
  readonly body: string;
  readonly on: 'pull-request' | 'issue';
}

export const commentPayload = (github: FakeGitHub, number: number, { id, body, on }: Comment): object => {
  const { repository } = github.payload(number, 'edited') as { readonly repository: object };
  const url = `https://api.github.com/repos/${github.name}/pulls/${number}`;
  return {
    action: 'created',
    repository,
    issue: { number, state: 'open', ...(on === 'pull-request' && { pull_request: { url } }) },
    comment: { id, body, user: { login: 'octocat', type: 'User' } },
  };
};
