import type { Application, Config } from '../../config/config.js';
import type { Manifest } from '../../model/manifest.js';
import { subscriptions } from './notifications.js';
import { argocdNamespace, destinationOf, environmentsName, isOwnCluster } from './project.js';

export interface SetOptions {
  /** Whether its Applications are subscribed to the commit status (`notifications.ts`). @default false */
  readonly notifications?: boolean;
}

/**
 * The ApplicationSet of one application: an Application for each record in Git. It has a set of its own, since one record that can't be
 * read stops its whole set. Only name, namespace, path and annotations come from the record; a second cluster's set takes its own
 * records alone.
 */
export const applicationSet = (application: Application, config: Config, options: SetOptions = {}): Manifest => {
  const name = environmentsName(application.name);
  const repoURL = config.gitops.repository;
  const branch = `refs/heads/${config.gitops.branch}`; // a short name makes Argo CD walk all refs
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'ApplicationSet',
    metadata: { name, namespace: argocdNamespace },
    spec: {
      goTemplate: true,
      goTemplateOptions: ['missingkey=error'],
      syncPolicy: { applicationsSync: 'sync', preserveResourcesOnDeletion: false },
      generators: [
        {
          git: {
            repoURL,
            revision: branch,
            requeueAfterSeconds: pollSeconds(config),
            files: [{ path: `environments/${application.name}/*/environment.json` }],
          },
          ...(!isOwnCluster(config) && { selector: { matchLabels: { cluster: config.cluster.name } } }),
        },
      ],
      template: {
        metadata: {
          name: '{{ .name }}',
          finalizers: ['resources-finalizer.argocd.argoproj.io'],
          annotations: {
            'argocd.argoproj.io/manifest-generate-paths': '.',
            'argocd.argoproj.io/compare-options': 'ServerSideDiff=false',
            'bivouac.dev/repository': '{{ .repository }}',
            'bivouac.dev/pull-request': '{{ .pullRequest }}',
            'bivouac.dev/head-sha': '{{ .headSha }}',
            'bivouac.dev/url': '{{ .url }}',
            ...(options.notifications === true && subscriptions),
          },
        },
        spec: {
          project: name,
          source: {
            repoURL,
            targetRevision: branch,
            path: '{{ .path.path }}/manifests',
            directory: { recurse: true, include: '*.yaml' },
          },
          destination: { ...destinationOf(config), namespace: '{{ .name }}' },
          syncPolicy: syncPolicy(config),
        },
      },
    },
  };
};

/** The set's controller refuses Gitea's webhooks (400: GitHub's headers with another payload), so there its poll is all it has. */
const pollSeconds = ({ forge }: Config): number => (forge.kind === 'gitea' ? 30 : 180);

/** On OpenShift the operator grants its rights a moment after the namespace is there: the first attempts may be forbidden. */
const syncPolicy = ({ cluster }: Config) => ({
  automated: { prune: true, selfHeal: true },
  retry: {
    limit: cluster.exposure.kind === 'route' ? 5 : 3,
    refresh: true,
    backoff: { duration: '5s', factor: 2, maxDuration: '1m' },
  },
  syncOptions: ['ServerSideApply=true', 'FailOnSharedResource=true'],
});
