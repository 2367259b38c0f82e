import type { ContainerView, MetadataView, PodView } from '../view.js';

/** A pod, or a pod template. */
export interface PodObject {
  readonly metadata: MetadataView;
  readonly spec: PodView;
}

/** One breach of the Pod Security Standards. */
export interface PodProblem {
  /** JSON pointer below the pod. */
  readonly field: string;
  readonly message: string;
  readonly remedy: string;
}

/** A pod as controls look at it. */
export interface Subject extends PodObject {
  /** Containers, init containers and ephemeral ones, with where they stand. */
  readonly containers: readonly { readonly container: ContainerView; readonly field: string }[];
  /** Minor version of Kubernetes: 32. */
  readonly minor: number;
  readonly windows: boolean;
}

/** One control of the standards. */
export type Control = (subject: Subject) => Iterable<PodProblem>;

/** Where a setting may stand both for the pod and for each container. */
export const securityContexts = ({ spec, containers }: Subject) => [
  { context: spec.securityContext, field: '/spec/securityContext' },
  ...containers.map(({ container, field }) => ({
    context: container.securityContext,
    field: `${field}/securityContext`,
  })),
];

/** The remedy for what only has to go. */
export const remove = (what: string): string => `Leave ${what} out.`;
