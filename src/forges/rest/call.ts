export type Parameters = Readonly<Record<string, unknown>>;

export interface Call {
  /** `GET /repos/{owner}/{repo}/pulls/{pull_number}` */
  readonly route: string;
  readonly parameters: Parameters;
  /** Whose token is needed, where the parameters don't say. */
  readonly place?: RequestPlace;
}

/** The repository that a request is about. */
export interface RequestPlace {
  readonly owner: string;
  readonly repo: string;
}
