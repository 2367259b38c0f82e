import type { Application } from '../config/config.js';
import type { IgnoredReason, RejectedReason, RemovedReason } from '../model/outcome.js';
import type { CommitSha } from '../model/pull-request.js';
import { code } from './markdown.js';

export interface Case {
  readonly application: Application | undefined;
  readonly headSha: CommitSha | undefined;
}

type Advice = (of: Case) => string;

const on = 'add the label `bivouac:on`';

/** What a person can do about it; `undefined`: not for the pull request to hear. */
export const ignoredAdvice: Readonly<Record<IgnoredReason, Advice | undefined>> = {
  NoPullRequest: undefined,
  Superseded: undefined,
  ChartsChanged: undefined,
  TearingDown: () => 'What it made elsewhere is being cleaned up; its folder goes next.',
  Closed: () => 'Reopen the pull request to get it back.',
  Off: () => 'Take the label `bivouac:off` off to get it back.',
  Expired: () => 'Its lifetime is over. Push, or take the label `bivouac:expired` off, to get it back.',
  NotOn: () => `To get an environment, ${on}.`,
  Draft: () => `Drafts get no environment. Mark it ready for review, or ${on}.`,
  Bot: () => `Pull requests by bots get no environment. To get one, ${on}.`,
  Fork: (of) => forkAdvice(of),
  BaseBranch: ({ application }) =>
    `Only pull requests to ${(application?.pullRequests.baseBranches ?? []).map((glob) => code(glob)).join(', ') || 'other branches'} get an environment.`,
  Paths: () => `It changes nothing that concerns this application. To get an environment anyway, ${on}.`,
  WaitingForImages: () =>
    'The job that builds the images runs `bivouac reconcile` after it; then it goes on by itself.',
  LimitReached: () => 'A place that becomes free goes to the next event or sweep. Close what is no longer needed.',
};

const forkAdvice = ({ application, headSha }: Case): string =>
  application?.pullRequests.forks === 'approved' && headSha !== undefined
    ? `Someone with write permission may approve this commit, in a comment that holds nothing but ${code(`/bivouac approve ${headSha}`)}. A push needs another approval.`
    : 'Pull requests from forks get no environment here.';

export const removedWords: Readonly<Record<RemovedReason, string>> = {
  Closed: 'The pull request is closed.',
  Off: 'Its labels say that none is wanted.',
  Expired: 'Its lifetime is over. Push, or take the label `bivouac:expired` off, to get it back.',
  Requested: 'Somebody asked for it.',
  TornDown: 'Its removal had begun, and nothing asks for it again.',
};

export const rejectedWords: Readonly<Record<RejectedReason, string>> = {
  PolicyViolation: 'The manifests break rules of the platform:',
  OverrideNotAllowed: 'It asks for something that the platform doesn’t allow.',
  OwnedByAnother: 'Its directory belongs to another pull request.',
  NewerRecord: 'A newer version of Bivouac wrote its record.',
  NameTaken: 'Its name is taken.',
  BundleMismatch: 'The bundle isn’t what this pull request should get.',
  UntrustedCharts: 'Its charts can’t be trusted beside credentials.',
  TooManyRemovals: 'One run would remove too many environments.',
};
