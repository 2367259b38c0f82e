import type { IgnoredReason, RejectedReason, RemovedReason } from '../model/outcome.js';

/** Not for the pull request to hear: it concerns no environment, or another run has the word. */
export const unheard: readonly IgnoredReason[] = ['NoPullRequest', 'Superseded', 'ChartsChanged'];

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
