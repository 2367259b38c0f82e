/** What a process of a crowd is told, as JSON in its only argument. */
export interface Job {
  readonly url: string;
  /** Of a test server. */
  readonly token: string;
  /** `application/environment`. */
  readonly name: string;
  /** A file whose text is the version that is wanted now, or `closed`. */
  readonly truth: string;
}

export interface JobResult {
  readonly attempts: number;
  readonly ms: number;
  /** Absent: the branch held it already. */
  readonly tip?: string;
}
