import * as z from 'zod';
import type { DeploymentStatus } from '../../model/deployment.js';
import { type Condition, condition, list, some, text } from '../kubernetes/views.js';

/** What is read of a Kustomization, and of a GitRepository. */
export const kustomizationView = z.object({
  metadata: some(z.object({ generation: some(z.number()), deletionTimestamp: text, finalizers: list(z.string()) })),
  spec: some(z.object({ path: text, suspend: some(z.boolean()) })),
  status: some(
    z.object({
      observedGeneration: some(z.number()),
      lastAppliedRevision: text,
      lastAttemptedRevision: text,
      conditions: list(condition),
      inventory: some(z.object({ entries: list(z.object({ id: text })) })),
    }),
  ),
});
export type Kustomization = z.infer<typeof kustomizationView>;

/** `main@sha1:1a2b…`, `refs/heads/main@sha1:1a2b…` */
export const commitIn = (revision: string | undefined): string | undefined =>
  /@sha(?:1|256):([0-9a-f]{40}(?:[0-9a-f]{24})?)$/.exec(revision ?? '')?.[1];

/** Of the generation that is there now; what is said of an earlier one is old. After a failure the status itself says generation -1. */
export const readyCondition = ({ metadata, status }: Kustomization): Condition | undefined =>
  status?.conditions.find(
    ({ type, observedGeneration = status.observedGeneration }) =>
      type === 'Ready' && observedGeneration === metadata?.generation,
  );

/**
 * Whether what is waited for is applied and healthy (`wait: true`); if not, what is open. `holds`: whether `lastAppliedRevision` holds the
 * manifests that are waited for.
 */
export const readinessOf = (kustomization: Kustomization, holds: boolean): Omit<DeploymentStatus, 'causes'> => {
  const applied = kustomization.status?.lastAppliedRevision;
  const rest = applied === undefined ? {} : { revision: applied };
  if (kustomization.metadata?.deletionTimestamp !== undefined)
    return { phase: 'removing', message: 'Flux is removing the environment', ...rest };
  const open = openIn(kustomization, holds);
  return open === undefined
    ? { phase: 'ready', message: 'this commit is applied and healthy', ...rest }
    : { phase: 'deploying', message: open, ...rest };
};

const openIn = (kustomization: Kustomization, holds: boolean): string | undefined => {
  if (kustomization.spec?.suspend === true) return 'the Kustomization is suspended: somebody has to resume it';
  const ready = readyCondition(kustomization);
  if (ready === undefined) return 'waiting for Flux to look at it';
  if (ready.status === 'Unknown') return 'Flux is applying it';
  if (!holds) return `waiting for Flux to apply this commit (it is at ${at(kustomization)})`;
  return ready.status === 'True' ? undefined : `not ready: ${ready.reason ?? 'no reason given'}`;
};

const at = ({ status }: Kustomization): string =>
  commitIn(status?.lastAppliedRevision)?.slice(0, 16) ?? 'no commit yet';
