import type { Component, ComponentProps } from './component.js';
import { k8s } from './kplus.js';
import { labelsOf } from './marks.js';
import { type ContainerProps, type PodParts, podTemplate } from './pod.js';

/** What runs all the time. */
export interface WorkloadProps extends ComponentProps, ContainerProps {
  /** Pods at the same time. @default 1 */
  readonly replicas?: number;
  /** Seconds a new version may take to become ready before it counts as failed. @default 60 */
  readonly startSeconds?: number;
}

/** One pod after the other: with a second one beside it, an environment that fills its quota could never be updated. */
export const addDeployment = (component: Component, props: WorkloadProps, parts: PodParts): void => {
  new k8s.KubeDeployment(component, 'deployment', {
    metadata: { name: parts.name, labels: labelsOf(parts.name) },
    spec: {
      replicas: props.replicas ?? 1,
      revisionHistoryLimit: 2,
      progressDeadlineSeconds: props.startSeconds ?? 60,
      strategy: {
        type: 'RollingUpdate',
        rollingUpdate: { maxSurge: k8s.IntOrString.fromNumber(0), maxUnavailable: k8s.IntOrString.fromNumber(1) },
      },
      selector: { matchLabels: labelsOf(parts.name) },
      template: podTemplate(props, parts),
    },
  });
};
