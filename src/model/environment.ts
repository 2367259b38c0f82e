import type { ApplicationName, ComponentName, EnvironmentName, JoinedName, PresetName } from './names.js';
import type { CommitSha, RepositoryId, RepositoryName } from './pull-request.js';

/** `teardown`: its workloads are gone, its teardown task runs, the directory goes next. */
export type EnvironmentState = 'active' | 'asleep' | 'teardown';

export interface Exposure {
  readonly kind: 'ingress' | 'gateway' | 'route';
  /** IngressClass; empty: the cluster's default. */
  readonly class: string;
  /** `none`: http URLs; `controller`: the controller's own certificate; else the name of a Secret. */
  readonly tls: string;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Names that charts pass to `this.image()`, and the references behind them. */
export type Images = Readonly<Record<string, string>>;

/** All that may vary between two environments of one application, and all that a chart gets. Neither time nor record is in it. */
export interface EnvironmentSpec {
  readonly application: ApplicationName;
  readonly environment: EnvironmentName;
  readonly name: JoinedName;
  readonly preset: PresetName;
  readonly cluster: string;
  readonly domain: string;
  readonly exposure: Exposure;
  readonly repository: RepositoryName;
  /** Decimal digits; empty for an environment without a pull request. */
  readonly pullRequest: string;
  readonly headSha: CommitSha;
  readonly state: EnvironmentState;
  /** Components asked for beside the chart's default ones; sorted. */
  readonly with: readonly ComponentName[];
  /** Components left out; sorted. */
  readonly without: readonly ComponentName[];
  readonly images: Images;
  readonly variables: Readonly<Record<string, string>>;
}

/** `environment.json`: the facts of an environment as Git holds them. Every scalar is a string, `""` where a key doesn't apply. */
export interface EnvironmentRecord {
  readonly schemaVersion: '1';
  readonly name: JoinedName;
  readonly application: ApplicationName;
  readonly environment: EnvironmentName;
  readonly preset: PresetName;
  readonly state: EnvironmentState;
  readonly cluster: string;
  readonly repository: RepositoryName;
  readonly repositoryId: RepositoryId;
  readonly pullRequest: string;
  readonly headSha: CommitSha;
  readonly url: string;
  readonly components: readonly ComponentName[];
  readonly images: Images;
  /** RFC 3339, whole seconds, UTC. */
  readonly deployedAt: string;
  readonly expiresAt: string;
}

/** RFC 3339 with whole seconds, as the record writes it. */
export const printTime = (at: Date): string => `${at.toISOString().slice(0, 19)}Z`;

/** A record as it lies in Git, or what is wrong with it. */
export type StoredRecord =
  | { readonly kind: 'record'; readonly record: EnvironmentRecord }
  | { readonly kind: 'newer'; readonly schemaVersion: string }
  | { readonly kind: 'unreadable'; readonly problem: string };
