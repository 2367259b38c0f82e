import type { Manifest } from '../model/manifest.js';

/** What one object was found to be; `unchecked` is never counted as valid. */
export type Answer =
  | { readonly kind: 'accepted'; readonly warnings: readonly string[] }
  | { readonly kind: 'faulty'; readonly faults: readonly Fault[] }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly warnings: readonly string[] }
  | { readonly kind: 'unchecked'; readonly why: string };

/** One mistake in an object. */
export interface Fault {
  /** JSON pointer; empty: the whole object. */
  readonly field: string;
  readonly message: string;
  readonly remedy: string;
}

/** An API server's words, as they are. */
export interface Refusal {
  readonly message: string;
  /** `details.causes` of its `Status`; `field` as it writes them: `spec.ports[0].port`. */
  readonly causes: readonly { readonly field: string; readonly message: string }[];
}

/** What objects are checked against before anything is committed. Nothing is ever written. */
export interface Validator {
  /** Of the violations it leads to. */
  readonly rule: string;
  /** For people: `the schemas of Kubernetes v1.36.1`. */
  readonly against: string;
  /** @throws RefusedError, TemporaryError when it can't be asked */
  check(manifest: Manifest): Promise<Answer>;
}
