import type { Construct } from 'constructs';
import { k8s } from './kplus.js';
import { marks } from '../../src/model/marks.js';
import { labelsOf } from './marks.js';
import { type ContainerProps, type PodParts, podTemplate } from './pod.js';

/** How a Job behaves. */
export interface JobProps {
  /**
   * How often it is tried again after a failure, with 10, 20, 40, 80, … seconds between. The default gives a database that
   * starts at the same time two and a half minutes.
   * @default 4
   */
  readonly retries?: number;
  /** Seconds that all tries together may take. @default 900 */
  readonly deadlineSeconds?: number;
}

export interface JobParts extends Pick<PodParts, 'env' | 'annotations'> {
  /** Of the Job, its pods and its container. Its pods must not be those that the component's Service finds. */
  readonly name: string;
  /** `migrate`, `seed`. */
  readonly task: string;
}

/** A Job; a hash of its content ends its name later, so that it runs once for each content. No TTL: it would be made again. */
export const addJob = (scope: Construct, props: ContainerProps & JobProps, parts: JobParts): void => {
  new k8s.KubeJob(scope, 'job', {
    metadata: { name: parts.name, labels: labelsOf(parts.name) },
    spec: jobSpec(props, parts),
  });
};

/** The Job itself, without a name. */
export const jobSpec = (props: ContainerProps & JobProps, parts: JobParts): k8s.JobSpec => ({
  backoffLimit: props.retries ?? 4,
  activeDeadlineSeconds: props.deadlineSeconds ?? 900,
  template: podTemplate(props, {
    name: parts.name,
    env: parts.env,
    labels: { [marks.task]: parts.task },
    ...(parts.annotations && { annotations: parts.annotations }),
    restartPolicy: 'Never',
  }),
});
