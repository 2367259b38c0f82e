import type { Cause, DeploymentStatus, Remains } from '../../model/deployment.js';
import { isBivouacError } from '../../model/errors.js';
import { directoryOf, type EnvironmentId, joinedName } from '../../model/names.js';
import type { Cluster } from '../kubernetes/cluster.js';
import { observe, parsed } from '../kubernetes/observe.js';
import { namespaceRemains, orUnread, type Remainder, volumeRemains } from '../kubernetes/remains.js';
import { cut } from '../kubernetes/words.js';
import type { Controller, Expected } from '../port.js';
import { causesOf } from './causes.js';
import { fluxSource } from './kustomization.js';
import { commitIn, type Kustomization, kustomizationView, readinessOf, readyCondition } from './readiness.js';

const kustomizations = `/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/${fluxSource.namespace}/kustomizations`;
const repositories = `/apis/source.toolkit.fluxcd.io/v1/namespaces/${fluxSource.namespace}/gitrepositories`;

/** Flux has no API of its own: its objects are read from the cluster. */
export const openFluxInCluster = (cluster: Cluster): Controller => {
  const read = async (path: string): Promise<Kustomization | undefined> => {
    const found = await cluster.get(path);
    return found && parsed(kustomizationView, found);
  };

  /** When the failure happened that stood there as an attempt at what is expected was first seen: it may be of the attempt before. */
  const firstSights = new WeakMap<Expected, string>();

  const status = async (expected: Expected): Promise<DeploymentStatus> => {
    const name = joinedName(expected.id);
    const kustomization = await read(`${kustomizations}/${name}`);
    if (kustomization === undefined) return absent(await sourceCauses());
    const { lastAppliedRevision, lastAttemptedRevision } = kustomization.status ?? {};
    const holds = isPlaced(kustomization, expected.id) && (await holdsAt(expected, lastAppliedRevision));
    const shown = readinessOf(kustomization, holds);
    if (shown.phase !== 'deploying') return { ...shown, causes: [] };
    const holdsAttempted =
      lastAttemptedRevision === lastAppliedRevision ? holds : await holdsAt(expected, lastAttemptedRevision);
    const failedAt = failureTime(kustomization);
    if (!holdsAttempted) firstSights.delete(expected);
    else if (!firstSights.has(expected)) firstSights.set(expected, failedAt);
    const isOld = failedAt !== '' && firstSights.get(expected) === failedAt;
    const workloads = holdsAttempted ? await observe(cluster, name) : [];
    const causes = causesOf(kustomization, { name, holdsAttempted, isOld, images: expected.images, workloads });
    return { ...shown, causes: holdsAttempted ? causes : await sourceCauses() };
  };

  /** Without source, or without what applies `flux/`, nothing moves, of no environment. */
  const sourceCauses = async (): Promise<readonly Cause[]> => {
    const paths = [
      ['GitRepository', `${repositories}/${fluxSource.name}`],
      ['Kustomization', `${kustomizations}/${fluxSource.name}`],
    ] as const;
    const found = await Promise.all(
      paths.map(async ([kind, path]) => brokenSource(kind, await read(path).catch(unlessForbidden))),
    );
    return found.flatMap((cause) => cause ?? []);
  };

  const kustomizationRemains = (name: string): Promise<Remainder> =>
    orUnread({ kind: 'Kustomization', name }, async () => {
      const found = await read(`${kustomizations}/${name}`);
      const presence = found === undefined ? 'gone' : 'there';
      const isGoing = found?.metadata?.deletionTimestamp !== undefined;
      const causes = found === undefined || isGoing ? [] : await sourceCauses();
      return { parts: [{ kind: 'Kustomization', name, presence }], causes };
    });

  const remains = async (id: EnvironmentId): Promise<Remains> => {
    const name = joinedName(id);
    const all = await Promise.all([
      kustomizationRemains(name),
      namespaceRemains(cluster, name),
      volumeRemains(cluster, name),
    ]);
    return { parts: all.flatMap(({ parts }) => parts), causes: all.flatMap(({ causes }) => causes) };
  };

  return { status, remains };
};

const isPlaced = ({ spec }: Kustomization, id: EnvironmentId): boolean =>
  spec?.path?.replace(/^\.\//, '') === `${directoryOf(id)}/manifests`;

const failureTime = (kustomization: Kustomization): string => {
  const ready = readyCondition(kustomization);
  return ready?.status === 'False' ? (ready.lastTransitionTime ?? '') : '';
};

const holdsAt = async (expected: Expected, revision: string | undefined): Promise<boolean> => {
  const commit = commitIn(revision);
  return commit !== undefined && (await expected.holds(commit));
};

/** What may not be read says nothing. */
const unlessForbidden = (error: unknown): 'unread' => {
  if (isBivouacError(error) && error.code === 'ClusterForbidden') return 'unread';
  throw error;
};

const brokenSource = (kind: string, source: Kustomization | undefined | 'unread'): Cause | undefined => {
  if (source === 'unread') return undefined;
  const object = `${kind}/${fluxSource.name}`;
  const where = `-n ${fluxSource.namespace} ${fluxSource.name}`;
  if (source === undefined)
    return {
      kind: 'FrozenSet',
      object,
      message: `there is no ${object} in ${fluxSource.namespace}`,
      remedy: 'An administrator applies what `bivouac init gitops` writes for Flux.',
    };
  const ready = readyCondition(source);
  if (source.spec?.suspend !== true && ready?.status !== 'False') return undefined;
  return {
    kind: 'FrozenSet',
    object,
    message: source.spec?.suspend === true ? 'it is suspended' : cut(ready?.message ?? ready?.reason ?? 'not ready'),
    remedy: `Until it is repaired nothing is deployed or removed: kubectl describe ${kind.toLowerCase()} ${where}`,
  };
};

const absent = (causes: readonly Cause[]): DeploymentStatus => ({
  phase: 'absent',
  message: causes.length === 0 ? 'Flux has no Kustomization for it yet' : 'Flux makes no Kustomization for it',
  causes,
});
