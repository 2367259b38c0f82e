import type { JoinedName } from '../model/names.js';
import type { PullRequestRef } from '../model/pull-request.js';

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

/** What a pull request is told. Each call is absolute and repeatable. */
export interface Feedback {
  comment(ref: PullRequestRef, comment: StickyComment): Promise<void>;
}
