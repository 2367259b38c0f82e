import type { Call } from './call.js';

export type Headers = Readonly<Record<string, string | number | undefined>>;

/** In what code hosts differ that otherwise speak the same REST API. */
export interface Dialect {
  /** As people know it: `GitHub` */
  readonly name: string;
  /** Parameters that ask for long pages. */
  readonly pageSize: Readonly<Record<string, number>>;
  /** Undefined: this was the last page. `page` counts from 1. */
  readonly nextPage: (headers: Headers, asked: { readonly first: Call; readonly page: number }) => Call | undefined;
  /** What to do when the token is refused. */
  readonly tokenRemedy: string;
  /** What to do when the token may not do something. */
  readonly permissionRemedy: string;
}
