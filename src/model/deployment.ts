/**
 * `absent`: the controller doesn't know the environment (yet); `deploying`: on its way, or on its way again; `ready`: what is waited for
 * runs and is healthy; `removing`: it is being taken away.
 */
export type DeploymentPhase = 'absent' | 'deploying' | 'ready' | 'removing';

/** What a controller shows of one environment at one moment. */
export interface DeploymentStatus {
  readonly phase: DeploymentPhase;
  /** One sentence for people: what is being waited for. */
  readonly message: string;
  /** Why it isn't ready, as far as can be told; empty while all goes well. */
  readonly causes: readonly Cause[];
  /** GitOps revision that the controller has compared with, as it names it. */
  readonly revision?: string;
}

export const causeKinds = [
  'ImagePull',
  'CrashLoop',
  'JobFailed',
  'Quota',
  'PodSecurity',
  'Unschedulable',
  'ForbiddenKind',
  'ForbiddenNamespace',
  'SharedObject',
  'UnknownKind',
  'ImmutableField',
  'InvalidObject',
  'BrokenManifest',
  'FrozenSet',
  'Degraded',
  'SyncFailed',
  'Finalizer',
  'SyncRunning',
] as const;
export type CauseKind = (typeof causeKinds)[number];

/** One thing that stands in the way, so that a person can act on it. */
export interface Cause {
  readonly kind: CauseKind;
  /** Absent: not of one component: the namespace, the whole set. */
  readonly component?: string;
  /** `Deployment/api`, `Pod/api-7d9f`, `ApplicationSet/shop-environments` */
  readonly object: string;
  /** The controller's or the cluster's own words, cut to what matters. */
  readonly message: string;
  readonly remedy: string;
}

/** `unread`: nobody could look; never counted as gone. */
export type Presence = 'there' | 'gone' | 'unread';

/** What is left of an environment whose directory is gone from Git. */
export interface Remains {
  /** Application or Kustomization, Namespace, PersistentVolumes: in this order, each once. */
  readonly parts: readonly RemainingPart[];
  /** What holds it up, once it can be told. */
  readonly causes: readonly Cause[];
}

export interface RemainingPart {
  readonly kind: 'Application' | 'Kustomization' | 'Namespace' | 'PersistentVolume';
  /** Of a volume, where one is there: its own; else the environment's. */
  readonly name: string;
  readonly presence: Presence;
  /** Why it could not be looked at. */
  readonly why?: string;
}

/** What there was of a removed environment, when each part went, and what is left and why. */
export interface Receipt {
  /** Joined name: namespace and Application. */
  readonly name: string;
  /** `Deployment/api`: what Git held before, sorted. */
  readonly objects: readonly string[];
  /** RFC 3339: when it was gone from Git, as far as this run knows. */
  readonly removedAt: string;
  readonly parts: readonly ReceiptPart[];
  /** Why something is left. */
  readonly causes: readonly Cause[];
  /** Nothing that can be looked at is left. */
  readonly complete: boolean;
}

export interface ReceiptPart extends RemainingPart {
  /** RFC 3339: when it was first seen gone. */
  readonly goneAt?: string;
}
