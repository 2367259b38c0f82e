import type { Json } from '../../model/manifest.js';

export type Query = Readonly<Record<string, string>>;

/** An object as the API server shows it: somebody else's, so nothing but this is taken for granted. */
export interface ClusterObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: ClusterMetadata;
  readonly [key: string]: unknown;
}

export interface ClusterMetadata {
  readonly name?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

export interface Patch {
  /** `/apis/apps/v1/namespaces/shop-pr-42/deployments/api` */
  readonly path: string;
  readonly body: Json;
  /** e.g. `{ dryRun: 'All', fieldValidation: 'Strict', fieldManager: 'bivouac', force: 'true' }` */
  readonly query?: Query;
  /** `application/apply-patch+yaml` (it takes JSON), `application/merge-patch+json` … */
  readonly contentType: string;
}

/** What the API server answered, whether or not it agreed. */
export interface ClusterAnswer {
  readonly status: number;
  /** The object, or a `Status` that says in `message`, `reason` and `details` what is wrong. */
  readonly body: ClusterObject;
  /** Texts of the `Warning` headers, e.g. Pod Security’s. */
  readonly warnings: readonly string[];
}

/**
 * A Kubernetes API server. Throws RefusedError ClusterUnauthorized (401), ClusterForbidden (403 to a read), ClusterUntrusted (its
 * certificate), ClusterRefused (any other 4xx to a read), and TemporaryError ClusterUnavailable (5xx, 429, no or a broken answer in 15 s).
 */
export interface Cluster {
  /** Its address, for messages. */
  readonly server: string;
  /** Undefined: the API server’s own 404. Another’s (a proxy’s) is ClusterUnavailable: it tells nothing about what is there. */
  get(path: string, query?: Query): Promise<ClusterObject | undefined>;
  /** All pages. Undefined: 404, the kind isn't served. Items of a list carry no `kind`. */
  list(path: string, query?: Query): Promise<readonly ClusterObject[] | undefined>;
  /** A refusal (400, 403, 404, 409, 422; unknown fields: 500 with a `Status`) is an answer too: it is what a dry run is for. */
  patch(patch: Patch): Promise<ClusterAnswer>;
}
