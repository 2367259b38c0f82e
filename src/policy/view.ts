import type { Deployment, StatefulSet } from 'kubernetes-types/apps/v1.js';
import type { CronJob, Job } from 'kubernetes-types/batch/v1.js';
import type { Container, PersistentVolumeClaim, PodSpec, Service } from 'kubernetes-types/core/v1.js';
import type { ObjectMeta } from 'kubernetes-types/meta/v1.js';
import type { Ingress } from 'kubernetes-types/networking/v1.js';
import type { Manifest } from '../model/manifest.js';

/** What a checked shape promises: any key may be absent or null, at every depth. */
export type View<T> = T extends readonly (infer Item)[]
  ? readonly View<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]?: View<T[Key]> | null }
    : T;

export type PodView = View<PodSpec>;
export type ContainerView = View<Container>;
export type MetadataView = View<ObjectMeta>;

/** What `policy` reads of kinds that aren't built in. */
export interface HttpRoute {
  spec: {
    parentRefs: { group: string; kind: string; name: string; namespace: string }[];
    hostnames: string[];
    rules: { backendRefs: BackendReference[]; filters: { type: string }[] }[];
  };
}

export interface BackendReference {
  group: string;
  kind: string;
  name: string;
  namespace: string;
}

export interface Route {
  spec: {
    host: string;
    subdomain: string;
    wildcardPolicy: string;
    to: { kind: string; name: string };
    alternateBackends: { kind: string; name: string }[];
  };
}

interface StoreReference {
  kind: string;
  name: string;
}

interface SecretSource {
  storeRef: StoreReference;
  generatorRef: object;
}

export interface ExternalSecret {
  spec: {
    secretStoreRef: StoreReference;
    target: { manifest: object };
    data: { sourceRef: SecretSource }[];
    dataFrom: { sourceRef: SecretSource }[];
  };
}

export interface Autoscaler {
  spec: { maxReplicas: number; scaleTargetRef: { kind: string; name: string } };
}

interface Kinds {
  ConfigMap: { data: Record<string, string>; binaryData: Record<string, string> };
  CronJob: CronJob;
  Deployment: Deployment;
  ExternalSecret: ExternalSecret;
  HTTPRoute: HttpRoute;
  HorizontalPodAutoscaler: Autoscaler;
  Ingress: Ingress;
  Job: Job;
  PersistentVolumeClaim: PersistentVolumeClaim;
  Route: Route;
  Service: Service;
  StatefulSet: StatefulSet;
}

/** Kinds whose shape is checked, and so may be read through a view. */
export type KnownKind = keyof Kinds;

const groups: Readonly<Record<KnownKind, string>> = {
  ConfigMap: '',
  CronJob: 'batch',
  Deployment: 'apps',
  ExternalSecret: 'external-secrets.io',
  HTTPRoute: 'gateway.networking.k8s.io',
  HorizontalPodAutoscaler: 'autoscaling',
  Ingress: 'networking.k8s.io',
  Job: 'batch',
  PersistentVolumeClaim: '',
  Route: 'route.openshift.io',
  Service: '',
  StatefulSet: 'apps',
};

/** Whether a manifest is of that kind, group included: a foreign group's `Deployment` isn't one. */
export const isKind = (manifest: Manifest, kind: KnownKind): boolean =>
  manifest.kind === kind && manifest.apiVersion.replace(/\/?[^/]*$/, '') === groups[kind];

/** The manifest seen as its kind; undefined when it is of another. Only for manifests whose shape is checked. */
export const viewAs = <Kind extends KnownKind>(manifest: Manifest, kind: Kind): View<Kinds[Kind]> | undefined =>
  isKind(manifest, kind) ? (manifest as unknown as View<Kinds[Kind]>) : undefined;
