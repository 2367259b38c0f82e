import { k8s } from './kplus.js';
import { workloadAccount } from '../../src/model/pods.js';
import { marks } from '../../src/model/marks.js';
import { resourcesOf, scratchLimit, type Size } from './size.js';
import type { Variables } from './variables.js';

/** What runs in a pod. */
export interface ContainerProps {
  /** Image reference, usually `this.image('api')`. It must name a user other than root, or `runAsUser` does. */
  readonly image: string;
  /** Replaces the image's entry point. @default - the image's own */
  readonly command?: readonly string[];
  /** Arguments of the entry point. @default - the image's own */
  readonly args?: readonly string[];
  /** Environment variables: text, references to other components, keys of Secrets. @default - those of the environment alone */
  readonly variables?: Variables;
  /** CPU and memory. @default 'small' */
  readonly size?: Size;
  /** Directories (absolute paths) that may be written, beside `/tmp`; emptied when the pod goes, 256Mi each. @default [] */
  readonly scratch?: readonly string[];
  /** Numeric user id to run as. @default - the image's own, which must not be 0 */
  readonly runAsUser?: number;
}

/** What a construct adds to a container of its own accord. */
export interface PodParts {
  /** Of the container, and the pod's `app.kubernetes.io/name`. */
  readonly name: string;
  readonly env: readonly k8s.EnvVar[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ports?: readonly k8s.ContainerPort[];
  readonly readiness?: k8s.Probe;
  readonly mounts?: readonly k8s.VolumeMount[];
  /** Group that owns the pod's volumes. */
  readonly fsGroup?: number;
  readonly restartPolicy?: 'Never';
}

/** Every pod: what Pod Security `restricted` asks for, a read-only root with room at `/tmp`, and no way to the API server. */
export const podTemplate = (props: ContainerProps, parts: PodParts): k8s.PodTemplateSpec => {
  const scratch = ['/tmp', ...(props.scratch ?? [])];
  return {
    metadata: {
      labels: { [marks.component]: parts.name, ...parts.labels },
      ...(parts.annotations && { annotations: { ...parts.annotations } }),
    },
    spec: {
      serviceAccountName: workloadAccount,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      ...(parts.restartPolicy && { restartPolicy: parts.restartPolicy }),
      securityContext: {
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
        ...(props.runAsUser !== undefined && { runAsUser: props.runAsUser }),
        ...(parts.fsGroup !== undefined && { fsGroup: parts.fsGroup, fsGroupChangePolicy: 'OnRootMismatch' }),
      },
      containers: [container(props, parts, scratch)],
      volumes: scratch.map((directory) => ({
        name: volumeName(directory),
        emptyDir: { sizeLimit: k8s.Quantity.fromString(scratchLimit) },
      })),
    },
  };
};

const container = (props: ContainerProps, parts: PodParts, scratch: readonly string[]): k8s.Container => ({
  name: parts.name,
  image: props.image,
  ...(props.image.includes('@sha256:') && { imagePullPolicy: 'IfNotPresent' }), // else Kubernetes' own rule
  ...(props.command && { command: [...props.command] }),
  ...(props.args && { args: [...props.args] }),
  ...(parts.env.length > 0 && { env: [...parts.env] }),
  ...(parts.ports && { ports: [...parts.ports] }),
  ...(parts.readiness && { readinessProbe: parts.readiness }),
  resources: resourcesOf(props.size),
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  },
  volumeMounts: [
    ...(parts.mounts ?? []),
    ...scratch.map((directory) => ({ name: volumeName(directory), mountPath: directory })),
  ],
});

/** `/var/run/app` becomes `var-run-app`. */
const volumeName = (directory: string): string =>
  directory
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
