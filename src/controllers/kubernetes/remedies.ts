import type { CauseKind } from '../../model/deployment.js';

export interface Place {
  /** `Deployment/api` */
  readonly object: string;
  readonly namespace: string;
}

/** What a person does about it, with the command that helps. */
export const remedyOf = (kind: CauseKind, { object, namespace }: Place): string => {
  const command = (verb: string): string => `kubectl ${verb} -n ${namespace} ${object.toLowerCase()}`;
  switch (kind) {
    case 'ImagePull':
      return `Check that this image was built and pushed, and that the cluster may pull it: ${command('describe')}`;
    case 'CrashLoop':
      return `See why it ends: ${command('logs')} --all-containers --previous`;
    case 'JobFailed':
      return `See why it failed: ${command('logs')} --all-containers. A commit that changes the Job makes a new one.`;
    case 'Quota':
      return (
        `Leave out a component, ask for less, or raise the quota of the preset in bivouac.yaml. What is used: ` +
        `kubectl describe resourcequota -n ${namespace}`
      );
    case 'PodSecurity':
      return 'Change what the message names in the chart’s securityContext; policy.podSecurity in bivouac.yaml sets the level.';
    case 'Unschedulable':
      return `No node takes it: ask for less, or for what the nodes have. ${command('describe')}`;
    case 'ForbiddenKind':
      return (
        'Leave it out of the chart; or add its kind to policy.kinds in bivouac.yaml and let an administrator apply ' +
        'what `bivouac init gitops` then writes.'
      );
    case 'ForbiddenNamespace':
      return (
        `Objects of an environment live in ${namespace} alone. If this is about ${namespace} itself, the AppProject lacks ` +
        'its prefix: an administrator applies what `bivouac init gitops` writes.'
      );
    case 'SharedObject':
      return 'Another Application owns this object: give it another name, or remove that other environment.';
    case 'UnknownKind':
      return 'An administrator installs its CustomResourceDefinition in the cluster; or leave it out of the chart.';
    case 'ImmutableField':
      return `Delete the old one, then it is made anew: ${command('delete')}. Or give it another name in the chart.`;
    case 'InvalidObject':
      return 'Correct it in the chart. `bivouac render --validate` finds this before the commit.';
    case 'BrokenManifest':
      return 'Somebody else has written into the directory: `bivouac reconcile` writes it anew.';
    case 'FrozenSet':
      return '`bivouac doctor` names what freezes it.';
    case 'Degraded':
      return `See what it waits for: ${command('describe')}`;
    case 'SyncFailed':
      return 'If the message doesn’t help, look at the Application in Argo CD; the next commit is tried again by itself.';
    case 'Finalizer':
      return (
        'Whoever set the finalizer has to take it off. If that controller is gone: ' +
        `${command('patch')} --type=merge -p '{"metadata":{"finalizers":null}}'`
      );
    case 'SyncRunning':
      return `Removal waits for it. End it: argocd app terminate-op ${namespace}`;
  }
};
