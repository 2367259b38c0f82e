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

/** The second line names the state told of: an `update` about the same state has nothing to add. */
export const printStateLine = (words: string): string => `<!-- bivouac:state:${words} -->`;
/** The state line of a comment; empty: it has none. */
export const readStateLine = (body: string): string => /^.*\n(<!-- bivouac:state:.* -->)(?:\n|$)/.exec(body)?.[1] ?? '';

/** What a pull request is told. Each call is absolute and repeatable. */
export interface Feedback {
  comment(ref: PullRequestRef, comment: StickyComment): Promise<void>;
}
