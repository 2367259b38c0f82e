/** One line of `npm run test:publish`. */
export interface Case {
  readonly name: string;
  /** What else to print; throws when it fails. `skipped`: why it can't be run here. */
  readonly run: () => Promise<Ended>;
}

export type Ended = string | { readonly skipped: string } | undefined;

/** What each file in cases/ exports. */
export interface Cases {
  readonly cases: readonly Case[];
  /** How many of them may run at the same time. @default 1 */
  readonly atOnce?: number;
  /** Stops what they shared. */
  readonly end?: () => Promise<void>;
}
