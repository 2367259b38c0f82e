import type { FakeGitHub } from './fake-github/server.js';
import type { WebhookAction } from './fake-github/payload.js';

/** What happens to the pull request, and what its CI job is expected to answer. */
export interface Step {
  readonly title: string;
  /** What the reader should look at. */
  readonly lesson: string;
  readonly action: WebhookAction;
  /** Of a `labeled` event. */
  readonly label?: string;
  happens(github: FakeGitHub, checkout: Checkout): void | Promise<void>;
  readonly exitCode: number;
}

/** The pull request's work tree, as its CI job checks it out. */
export interface Checkout {
  edit(file: string, from: string, to: string): Promise<void>;
}

export const number = 42;
const commits = {
  opened: '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d',
  pushed: '2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e',
  broken: '3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f',
} as const;

export const story: readonly Step[] = [
  {
    title: 'Pull request 42 opens',
    lesson: 'One commit brings the whole environment; Argo CD would deploy the directory.',
    action: 'opened',
    happens: (github) =>
      github.openPullRequest({
        number,
        headSha: commits.opened,
        title: 'A faster checkout',
        headBranch: 'faster-checkout',
      }),
    exitCode: 0,
  },
  {
    title: 'A commit is pushed',
    lesson: 'The same directory at the new commit: only what differs is changed.',
    action: 'synchronize',
    happens: (github) => github.push(number, commits.pushed),
    exitCode: 0,
  },
  {
    title: 'Somebody adds the label bivouac:with-mailer',
    lesson: 'Labels are the state: an optional component joins, and the next run repeats it.',
    action: 'labeled',
    label: 'bivouac:with-mailer',
    happens: (github) => github.addLabel(number, 'bivouac:with-mailer'),
    exitCode: 0,
  },
  {
    title: 'A push breaks a rule: its bivouac.yaml takes the api image by the tag latest',
    lesson: 'Exit code 3: nothing was committed, the last good version stays, and the comment says why.',
    action: 'synchronize',
    happens: async (github, checkout) => {
      await checkout.edit('bivouac.yaml', 'shop-api:{headSha}', 'shop-api:latest');
      github.push(number, commits.broken);
    },
    exitCode: 3,
  },
  {
    title: 'The pull request is closed',
    lesson: 'The directory is gone from Git: Argo CD would prune the namespace and everything in it.',
    action: 'closed',
    happens: (github) => github.close(number),
    exitCode: 0,
  },
];
