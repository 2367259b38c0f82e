import type { Cause } from '../../model/deployment.js';
import { remedyOf } from '../kubernetes/remedies.js';
import { cut } from '../kubernetes/words.js';
import { printWorkload, type Workload } from '../kubernetes/workload.js';
import type { Application } from './application.js';
import { hasOperation } from './readiness.js';

export interface Removing {
  /** Joined name. */
  readonly name: string;
  /** Where Argo CD lives. */
  readonly namespace: string;
  readonly workloads: readonly Workload[];
}

/** What an Application that is being removed waits for, as far as Argo CD shows it (argocd-flux.md 3.1, 3.2). */
export const holdUps = (application: Application, { name, namespace, workloads }: Removing): readonly Cause[] => [
  ...(hasOperation(application) ? [syncRunning(application, name, namespace)] : []),
  ...foreignFinalizers(application, name, namespace),
  ...workloads.filter(isHeld).map((workload) => pending(workload, name)),
  ...deletionErrors(application, name),
];

const syncRunning = ({ status }: Application, name: string, namespace: string): Cause => ({
  kind: 'SyncRunning',
  object: `Application/${name}`,
  message: `a sync is still running: ${cut(status?.operationState?.message ?? 'it has said nothing yet')}`,
  remedy:
    `Removal begins once it ends. To end it: argocd app terminate-op ${name}, or kubectl patch application -n ${namespace} ${name} ` +
    `--type=merge -p '{"status":{"operationState":{"phase":"Terminating"}}}'`,
});

/** The set’s template gives the first; of hooks come others, which the environment’s own directory never has. */
const foreignFinalizers = ({ metadata }: Application, name: string, namespace: string): readonly Cause[] =>
  (metadata?.finalizers ?? [])
    .filter(
      (finalizer) =>
        !finalizer.startsWith('resources-finalizer.argocd.argoproj.io') && finalizer !== 'foregroundDeletion',
    )
    .map((finalizer) => ({
      kind: 'Finalizer',
      object: `Application/${name}`,
      message: `held by the finalizer ${finalizer}`,
      remedy: remedyOf('Finalizer', { object: `Application/${name}`, namespace }),
    }));

/** Kubernetes’ own `foregroundDeletion` goes by itself, and a pod may take its grace period. */
const isHeld = ({ kind, message }: Workload): boolean => {
  const finalizers = /^Pending deletion; blocked by finalizers: (.+)/.exec(message)?.[1]?.split(', ');
  if (finalizers === undefined) return kind !== 'Pod' && message.startsWith('Pending deletion');
  return finalizers.some((each) => each !== 'foregroundDeletion' && each !== 'orphan');
};

/** Argo CD 3.6 names the finalizers; of a Namespace only the cluster knows what is left in it. */
const pending = (workload: Workload, name: string): Cause => {
  const object = printWorkload(workload);
  const isNamespace = workload.kind === 'Namespace';
  return {
    kind: 'Finalizer',
    object,
    message: cut(workload.message),
    remedy: isNamespace
      ? `See its conditions, which name what is left in it: kubectl get namespace ${workload.name} -o yaml`
      : remedyOf('Finalizer', { object, namespace: name }),
  };
};

const deletionErrors = ({ status }: Application, name: string): readonly Cause[] =>
  (status?.conditions ?? [])
    .filter(({ type }) => type === 'DeletionError')
    .map(({ message = '' }) => ({
      kind: 'SyncFailed',
      object: `Application/${name}`,
      message: cut(message),
      remedy: 'Argo CD tries again by itself. If it stays, the AppProject no longer permits what is to be deleted.',
    }));
