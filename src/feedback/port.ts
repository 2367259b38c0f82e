import type { JoinedName } from '../model/names.js';
import type { CommitSha, PullRequestRef } from '../model/pull-request.js';

/** One comment an environment, found by its marker and its author, edited in place. */
export interface StickyComment {
  readonly name: JoinedName;
  /** Markdown, without the marker. */
  readonly body: string;
  /** `update`: edit what is there, never make a new one (nothing was deployed and nobody asked). */
  readonly when: 'always' | 'update';
}

/** The first line of our comment. */
export const markerOf = (name: JoinedName): string => `<!-- bivouac:env:${name} -->`;

const stateLineStart = '<!-- bivouac:state:';

/** The second line names the state told of: an `update` about the same state has nothing to add. */
export const printStateLine = (words: string): string => `${stateLineStart}${words} -->`;

/**
 * Whether an `update` leaves what is there: it tells of the same state, or of the same commit, state and end without anybody having
 * looked at the cluster, when somebody had before.
 */
export const addsNothing = (before: string, now: string): boolean => {
  const [stands, comes] = [before, now].map(readStateLine);
  if (stands === '' || stands === undefined) return false;
  return (
    stands === comes ||
    (comes?.startsWith(`${stateLineStart}committed `) === true && afterFirst(stands) === afterFirst(comes))
  );
};

const afterFirst = (line: string): string => line.slice(line.indexOf(' ', stateLineStart.length));

/** The state line of a comment; empty: it has none. */
export const readStateLine = (body: string): string => /^.*\n(<!-- bivouac:state:.* -->)(?:\n|$)/.exec(body)?.[1] ?? '';

/** What a pull request's page shows beside its comments, of one environment at one commit. */
export interface DeploymentState {
  readonly name: JoinedName;
  /** The code host's own environment: of all pull requests of an application, or of this one. */
  readonly environment: string;
  readonly headSha: CommitSha;
  /** `inactive`: the environment is gone, whatever commit it was at. */
  readonly state: 'in_progress' | 'success' | 'failure' | 'inactive';
  /** At most 140 characters. */
  readonly description: string;
  /** Where it runs. */
  readonly url?: string;
  /** Where Git holds it. */
  readonly logUrl?: string;
  /** `missing`: what was said of this commit before stays, since nobody has looked again. */
  readonly when: 'always' | 'missing';
}

/** One line among a commit's checks. */
export interface CommitStatus {
  readonly name: JoinedName;
  readonly headSha: CommitSha;
  readonly state: 'pending' | 'success' | 'failure' | 'error';
  /** At most 140 characters. */
  readonly description: string;
  readonly url?: string;
  /** As of a deployment. */
  readonly when: 'always' | 'missing';
}

/** Under which name a commit's checks list it. */
export const contextOf = (name: JoinedName): string => `bivouac/${name}`;

/** Characters that code hosts show of a description. */
export const descriptionLimit = 140;

/** What a pull request is told. Each call is absolute and repeatable. */
export interface Feedback {
  comment(ref: PullRequestRef, comment: StickyComment): Promise<void>;
  /** Where the code host knows no deployments, nothing. */
  deployment(ref: PullRequestRef, deployment: DeploymentState): Promise<void>;
  status(ref: PullRequestRef, status: CommitStatus): Promise<void>;
}
