import type { ComponentName } from './names.js';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** One Kubernetes object as plain data. Rules read it through typed, deep-optional views. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ManifestMetadata;
  readonly [key: string]: unknown;
}

export interface ManifestMetadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

/** A part of an application, as rendered: objects in a fixed order. */
export interface Component {
  readonly name: ComponentName;
  readonly manifests: readonly Manifest[];
}

/** A path below an environment's directory, e.g. `manifests/api.yaml`. */
export type FilePath = string;
/** All files of an environment; empty: no environment. */
export type FileTree = ReadonlyMap<FilePath, string>;

/** API group of `apps/v1` is `apps`, of `v1` the empty string. */
export const groupOf = (apiVersion: string): string =>
  apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';

/** `Deployment/api`: how outcomes, violations and comments call an object. */
export const printObject = ({ kind, metadata }: Manifest): string => `${kind}/${metadata.name}`;
