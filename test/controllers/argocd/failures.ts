import type { CauseKind } from '../../../src/model/deployment.js';

export interface Failure {
  readonly answer: string;
  readonly kind: CauseKind;
  readonly component: string | undefined;
  readonly object: string;
  readonly says: RegExp;
  readonly remedy: RegExp;
}

/** What was provoked on a real cluster, and what people are told. */
export const syncFailures: readonly Failure[] = [
  {
    answer: 'forbidden-kind',
    kind: 'ForbiddenKind',
    component: 'api',
    object: 'PodDisruptionBudget/api',
    says: /^resource policy:PodDisruptionBudget is not permitted in project shop-environments$/,
    remedy: /policy\.kinds in bivouac\.yaml/,
  },
  {
    answer: 'forbidden-kind-given-up',
    kind: 'ForbiddenKind',
    component: 'api',
    object: 'PodDisruptionBudget/api',
    says: /^resource policy:PodDisruptionBudget is not permitted in project shop-environments$/,
    remedy: /bivouac init gitops/,
  },
  {
    answer: 'forbidden-namespace',
    kind: 'ForbiddenNamespace',
    component: undefined,
    object: 'ConfigMap/foreign',
    says: /^namespace default is not permitted in project 'shop-environments'$/,
    remedy: /live in shop-pr-42 alone/,
  },
  {
    answer: 'foreign-namespace',
    kind: 'ForbiddenNamespace',
    component: undefined,
    object: 'Namespace/foreign',
    says: /^resource :Namespace is not permitted/,
    remedy: /live in shop-pr-42 alone/,
  },
  {
    answer: 'unknown-kind',
    kind: 'UnknownKind',
    component: undefined,
    object: 'Widget/x',
    says: /could not find acme\.example\/Widget .*"Widget" CRD/,
    remedy: /CustomResourceDefinition/,
  },
  {
    answer: 'unknown-field',
    kind: 'InvalidObject',
    component: 'web',
    object: 'Deployment/web',
    says: /\.spec\.replica: field not declared in schema$/,
    remedy: /bivouac render --validate/,
  },
  {
    answer: 'invalid-value',
    kind: 'InvalidObject',
    component: 'api',
    object: 'Service/api',
    says: /^Service "api" is invalid: spec\.type: Unsupported value: "Clusterip"/,
    remedy: /bivouac render --validate/,
  },
  {
    answer: 'immutable-field',
    kind: 'ImmutableField',
    component: 'api',
    object: 'Deployment/api',
    says: /spec\.selector: .*field is immutable$/,
    remedy: /kubectl delete -n shop-pr-42 deployment\/api/,
  },
  {
    answer: 'shared-object',
    kind: 'SharedObject',
    component: 'web',
    object: 'Deployment/web',
    says: /^Shared resource found: Deployment\/web is part of applications/,
    remedy: /another name/,
  },
];

export const workloadFailures: readonly Failure[] = [
  {
    answer: 'image-missing',
    kind: 'ImagePull',
    component: 'api',
    object: 'Pod/api-7868f76864-h7vcl',
    says: /^Back-off pulling image \(ghcr\.io\/acme\/missing-api:1\)$/,
    remedy: /kubectl describe -n shop-pr-42 pod\/api-7868f76864-h7vcl/,
  },
  {
    answer: 'crashing',
    kind: 'CrashLoop',
    component: 'api',
    object: 'Pod/api-566584db6-npd7g',
    says: /^back-off restarting failed container$/,
    remedy: /kubectl logs -n shop-pr-42 pod\/api-566584db6-npd7g --all-containers --previous/,
  },
  {
    answer: 'job-failed',
    kind: 'JobFailed',
    component: 'api',
    object: 'Job/api-migrate-4d64f1e0ed',
    says: /^Job has reached the specified backoff limit: container "api-migrate" failed with exit code 1$/,
    remedy: /kubectl logs -n shop-pr-42 job\/api-migrate-4d64f1e0ed/,
  },
  {
    answer: 'quota',
    kind: 'Quota',
    component: 'api',
    object: 'Deployment/api',
    says: /exceeded quota: bivouac-quota, requested: pods=1, used: pods=1, limited: pods=1$/,
    remedy: /kubectl describe resourcequota -n shop-pr-42/,
  },
  {
    answer: 'pod-security',
    kind: 'PodSecurity',
    component: 'api',
    object: 'Deployment/api',
    says: /violates PodSecurity "restricted:v1\.32": privileged \(container "api"/,
    remedy: /securityContext/,
  },
  {
    answer: 'unschedulable',
    kind: 'Unschedulable',
    component: 'api',
    object: 'Pod/api-c777fb784-fnwtc',
    says: /^0\/1 nodes are available: .*affinity\/selector/,
    remedy: /kubectl describe -n shop-pr-42 pod\/api-c777fb784-fnwtc/,
  },
];

/** Of the pods that the failures want. */
export const failingImages = [
  'ghcr.io/acme/missing-api:1',
  'ghcr.io/acme/crashing-api:1',
  'ghcr.io/acme/crashing-migrate:1',
];
