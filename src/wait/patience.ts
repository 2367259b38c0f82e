import type { Cause, CauseKind } from '../model/deployment.js';

const second = 1_000;
const never = Number.POSITIVE_INFINITY;

/**
 * How long a cause must stand without a break before nobody hopes any more; milliseconds. 0: what Argo CD or Kubernetes refuses
 * stays refused until another commit. Some seconds: a registry, a quota, a node may be late by a moment, and a rolling update
 * needs room for both versions. A minute: a program may crash until its database is there.
 */
const patience: Readonly<Record<CauseKind, number>> = {
  JobFailed: 0,
  PodSecurity: 0,
  ForbiddenKind: 0,
  ForbiddenNamespace: 0,
  UnknownKind: 0,
  ImmutableField: 0,
  InvalidObject: 0,
  BrokenManifest: 0,
  SharedObject: 0,
  ImagePull: 15 * second,
  FrozenSet: 15 * second,
  Quota: 20 * second,
  Unschedulable: 20 * second,
  CrashLoop: 60 * second,
  Degraded: 60 * second,
  SyncFailed: 60 * second,
  Finalizer: never,
  SyncRunning: never,
};

/** A cause, and since when it has been seen in every reading. */
export interface StandingCause {
  readonly cause: Cause;
  readonly since: Date;
}

/** The causes of the newest reading, each with the time of the first reading that it has stood since. */
export const stand = (
  before: readonly StandingCause[],
  causes: readonly Cause[],
  now: Date,
): readonly StandingCause[] =>
  causes.map((cause) => ({ cause, since: before.find((each) => isSame(each.cause, cause))?.since ?? now }));

/** Texts count attempts and seconds: kind and object say whether it is the same. */
const isSame = (a: Cause, b: Cause): boolean => a.kind === b.kind && a.object === b.object;

/** Those that have stood for too long to hope. */
export const hopeless = (standing: readonly StandingCause[], now: Date): readonly Cause[] =>
  standing
    .filter(({ cause, since }) => now.getTime() - since.getTime() >= patience[cause.kind])
    .map(({ cause }) => cause);
