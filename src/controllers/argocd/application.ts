import * as z from 'zod';
import { condition, list, some, text } from '../kubernetes/views.js';

// Somebody else’s objects: unknown fields are dropped, missing ones tolerated.

const resourceResult = z.object({
  kind: text,
  name: text,
  /** `SyncFailed`: what Kubernetes or the project said to this object is in `message`. */
  status: text,
  message: text,
});

const operationState = z.object({
  phase: text,
  message: text,
  startedAt: text,
  /** Set while `phase` is `Running`, too: a retry is waiting. */
  finishedAt: text,
  /** `resources`: only these were synced, when Argo CD healed itself. */
  operation: some(z.object({ sync: some(z.object({ resources: list(z.unknown()) })) })),
  syncResult: some(z.object({ revision: text, resources: list(resourceResult) })),
});

/** What is read of an Argo CD Application, from its API or the cluster's. */
export const applicationView = z.object({
  metadata: some(
    z.object({
      name: text,
      deletionTimestamp: text,
      finalizers: list(z.string()),
      annotations: some(z.record(z.string(), z.string())),
    }),
  ),
  spec: some(z.object({ source: some(z.object({ path: text })), destination: some(z.object({ namespace: text })) })),
  /** There: requested, or running. */
  operation: z.unknown().optional(),
  status: some(
    z.object({
      sync: some(z.object({ status: text, revision: text })),
      health: some(z.object({ status: text })),
      reconciledAt: text,
      operationState: some(operationState),
      conditions: list(condition),
      resources: list(z.object({ kind: text, name: text })),
      summary: some(z.object({ images: list(z.string()) })),
    }),
  ),
});
export type Application = z.infer<typeof applicationView>;

/** What is read of an ApplicationSet. */
export const setView = z.object({
  metadata: some(z.object({ name: text })),
  status: some(z.object({ conditions: list(condition) })),
});
export type ApplicationSet = z.infer<typeof setView>;

/** What is read of the resource tree. */
export const treeView = z.object({
  nodes: list(
    z.object({
      kind: z.string(),
      name: z.string(),
      namespace: text,
      uid: text,
      parentRefs: list(z.object({ kind: text, name: text })),
      info: list(z.object({ name: text, value: text })),
      health: some(z.object({ status: text, message: text })),
      images: list(z.string()),
    }),
  ),
});
export type Tree = z.infer<typeof treeView>;

/** What is read of `/events`. */
export const eventsView = z.object({
  items: list(z.object({ type: text, reason: text, message: text, lastTimestamp: text, eventTime: text })),
});
export type Events = z.infer<typeof eventsView>;

/** A revision that names a commit; after an error it may be `refs/heads/main`. */
export const commitOf = (revision: string | undefined): string | undefined =>
  revision !== undefined && /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(revision) ? revision : undefined;

/** What a comparison failed at; the same text whether it was looked up or tried anew. */
export const comparisonErrorOf = ({ status }: Application): string | undefined => {
  const error = status?.conditions.find(({ type }) => type === 'ComparisonError');
  return error && unwrapped(error.message ?? error.type);
};

/** Argo CD wraps what happened in what it was doing, some layers deep. */
const wrapping =
  /^(?:one or more synchronization tasks (?:are not valid|completed unsuccessfully)[:,] (?:reason: )?|Failed to load target state: |failed to generate manifest for source \d+ of \d+: |Manifest generation error \(cached\): |rpc error: code = \S+ desc = )+/;
export const unwrapped = (said: string): string => said.replace(wrapping, '');

/** The project, and the set, that `init gitops` makes for an application. */
export const setName = (application: string): string => `${application}-environments`;
