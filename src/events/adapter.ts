import type { CommitSha, Label, PullRequestRef, RepositoryName } from '../model/pull-request.js';

/** A CI system's variables, as the entrance read them. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** The system this runs in. */
export interface CiSystem {
  /** `github-actions` */
  readonly name: string;
  /** Where the event's payload lies; absent: the system has none, or didn't say. */
  readonly payloadPath?: string;
}

/** What an event says. All of it is a hint: the pull request itself is read before anything is decided. */
export type EventReading =
  | {
      readonly kind: 'pull-request';
      readonly ref: PullRequestRef;
      /** As the event had them: for `render`, which asks nobody. Absent: the event doesn't say. */
      readonly labels?: readonly Label[];
      /** The head lies in another repository, or in none any more; where it wants to go. Absent: it doesn't, or the event doesn't say. */
      readonly fork?: { readonly baseBranch: string };
      /** Id of a comment that was just written: it may hold a command. */
      readonly comment?: number;
    }
  /** Nothing to do; `headSha`: a commit that one may be looked for by (`workflow_run` of a fork). */
  | {
      readonly kind: 'none';
      readonly system: string;
      readonly event: string;
      readonly repository?: RepositoryName;
      readonly headSha?: CommitSha;
      /** The run is for a fork's commit; `baseBranch`: where a trusted checkout would be. */
      readonly fork?: { readonly baseBranch: string };
    }
  /** By timer or by hand: a sweep. */
  | {
      readonly kind: 'schedule';
      readonly system: string;
      readonly event: string;
      readonly repository?: RepositoryName;
    };

/** One CI system; each has a file of its own. */
export interface EventAdapter {
  detect(env: Variables): CiSystem | undefined;
  /** @throws UserError InvalidEvent */
  read(env: Variables, payload: unknown): EventReading;
}
