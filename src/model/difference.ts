import type { Changes } from './outcome.js';
import type { CommitSha } from './pull-request.js';

/** One thing that two versions of an object say differently. */
export interface FieldChange {
  readonly kind: 'image' | 'variable' | 'resource';
  /** Component, object and container by their names, each said once: `api`, `api/api-migrate`. */
  readonly where: string;
  /** `image`, a variable's name, `requests.memory`, `replicas`, `volume data`. */
  readonly name: string;
  /** A variable that comes from elsewhere is its reference, such as `secret shop-db, key password`. Absent: it wasn't there. */
  readonly before?: string;
  /** Absent: it isn't there. */
  readonly after?: string;
}

/** How two environments differ, without what differs between any two commits. */
export interface Difference {
  /** A Job without the hash of its content, so that one that moved on is one changed. */
  readonly objects: Changes;
  /** Of objects and containers that are on both sides, and the images of those that aren't; images first. */
  readonly fields: readonly FieldChange[];
}

/** Which commit an environment is set beside. */
export interface BaseCommit {
  /** Empty: its name isn't known. */
  readonly branch: string;
  readonly commit: CommitSha;
}

/** An environment beside the same one made from the base branch's facts. */
export interface BaseCompared extends BaseCommit {
  readonly difference: Difference;
  /** Unified, of the objects that differ. @default not shown */
  readonly diff?: string;
}

/** `failure`: why the base branch's side couldn't be made. */
export type BaseDifference = BaseCompared | (BaseCommit & { readonly failure: string });
