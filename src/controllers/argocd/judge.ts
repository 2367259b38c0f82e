import type { Cause, DeploymentStatus } from '../../model/deployment.js';
import { joinedName } from '../../model/names.js';
import type { Workload } from '../kubernetes/workload.js';
import type { Expected } from '../port.js';
import { type Application, commitOf } from './application.js';
import { causesOf } from './causes.js';
import { hasOperation, readinessOf } from './readiness.js';

export interface Verdict extends Omit<DeploymentStatus, 'causes'> {
  readonly holds: boolean;
  readonly holdsSynced: boolean;
  /** A sync of it is requested or running: nothing is won by comparing anew. */
  readonly isRunning: boolean;
  readonly causes: (seen: { readonly workloads: readonly Workload[]; readonly isFresh: boolean }) => readonly Cause[];
}

/** One reading of an Application against what is expected. Git is asked after it was read, so that it knows every revision in it. */
export const judge = async (application: Application, expected: Expected): Promise<Verdict> => {
  const compared = application.status?.sync?.revision;
  const synced = application.status?.operationState?.syncResult?.revision;
  const holds = await holdsAt(expected, compared);
  const holdsSynced = synced === compared ? holds : await holdsAt(expected, synced);
  const { id, images } = expected;
  return {
    ...readinessOf(application, { id, holds, holdsSynced, images }),
    holds,
    holdsSynced,
    isRunning: holds && hasOperation(application),
    causes: (seen) => causesOf(application, { name: joinedName(id), holds, holdsSynced, images, ...seen }),
  };
};

const holdsAt = async (expected: Expected, revision: string | undefined): Promise<boolean> => {
  const commit = commitOf(revision);
  return commit !== undefined && (await expected.holds(commit));
};
