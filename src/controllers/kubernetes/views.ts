import * as z from 'zod';

/** What is missing or null is undefined; another type can’t be read. */
export const some = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value) => value ?? undefined);
export const text = some(z.string());
export const list = <Schema extends z.ZodType>(schema: Schema) =>
  schema
    .array()
    .nullish()
    .transform((value) => value ?? []);
const count = some(z.number()).transform((value) => value ?? 0);

export const condition = z.object({
  type: z.string(),
  status: text,
  reason: text,
  message: text,
  lastTransitionTime: text,
  observedGeneration: some(z.number()),
});
export type Condition = z.infer<typeof condition>;

const metadata = z.object({
  name: z.string(),
  uid: text,
  generation: count,
  annotations: some(z.record(z.string(), z.string())),
  ownerReferences: list(z.object({ kind: z.string(), name: z.string(), controller: some(z.boolean()) })),
  deletionTimestamp: text,
  finalizers: list(z.string()),
});
export type Metadata = z.infer<typeof metadata>;

const containers = list(z.object({ image: text }));
const stateOf = some(z.object({ reason: text, message: text, exitCode: some(z.number()) }));
const containerStatus = z.object({
  name: text,
  restartCount: count,
  state: some(z.object({ waiting: stateOf, terminated: stateOf })),
});

export const podView = z.object({
  metadata,
  spec: some(z.object({ containers, initContainers: containers })),
  status: some(
    z.object({
      phase: text,
      reason: text,
      message: text,
      conditions: list(condition),
      containerStatuses: list(containerStatus),
      initContainerStatuses: list(containerStatus),
    }),
  ),
});
export type Pod = z.infer<typeof podView>;

/** Deployments, ReplicaSets, StatefulSets and Jobs alike. */
export const ownerView = z.object({
  metadata,
  spec: some(z.object({ replicas: some(z.number()) })),
  status: some(
    z.object({
      observedGeneration: count,
      readyReplicas: count,
      availableReplicas: count,
      updatedReplicas: count,
      conditions: list(condition),
    }),
  ),
});
export type Owner = z.infer<typeof ownerView>;

export const eventView = z.object({
  involvedObject: some(z.object({ uid: text })),
  type: text,
  reason: text,
  message: text,
  lastTimestamp: text,
  eventTime: text,
  series: some(z.object({ lastObservedTime: text })),
});
export type KubernetesEvent = z.infer<typeof eventView>;

export const namespaceView = z.object({ metadata, status: some(z.object({ conditions: list(condition) })) });

export const volumeView = z.object({
  metadata,
  spec: some(z.object({ claimRef: some(z.object({ namespace: text })), persistentVolumeReclaimPolicy: text })),
  status: some(z.object({ phase: text })),
});
export type Volume = z.infer<typeof volumeView>;
