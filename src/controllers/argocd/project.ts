import type { Application, Config } from '../../config/config.js';
import type { Manifest } from '../../model/manifest.js';
import type { ApplicationName } from '../../model/names.js';
import { namespacePatterns } from './namespaces.js';
import { projectKinds } from './project-kinds.js';

/** Where Argo CD's own objects lie. */
export const argocdNamespace = 'argocd';

/** `shop-environments`: an application's AppProject, and its ApplicationSet. */
export const environmentsName = (application: ApplicationName): string => `${application}-environments`;

/** Argo CD's own cluster, by its name there. */
const ownCluster = 'in-cluster';

/** The cluster as a destination names it: literal, never from a record. Any but Argo CD's own goes by the name that it has there. */
export const destinationOf = ({ cluster }: Pick<Config, 'cluster'>): Readonly<Record<string, string>> =>
  cluster.name === ownCluster ? { server: 'https://kubernetes.default.svc' } : { name: cluster.name };

export const isOwnCluster = ({ cluster }: Pick<Config, 'cluster'>): boolean => cluster.name === ownCluster;

/**
 * The AppProject of one application: the wall behind everything that whoever holds the GitOps token can write. One source, the
 * namespaces of this application's prefixes, the kinds of the policy, and a role that may look and nothing else.
 */
export const appProject = (application: Application, config: Config): Manifest => {
  const name = environmentsName(application.name);
  const namespaces = namespacePatterns(application, config);
  const mayGet = (what: string): string => `p, proj:${name}:status, ${what}, get, ${name}/*, allow`;
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name, namespace: argocdNamespace },
    spec: {
      sourceRepos: [config.gitops.repository],
      destinations: namespaces.map((namespace) => ({ ...destinationOf(config), namespace })),
      clusterResourceWhitelist: namespaces.map((namespace) => ({ group: '', kind: 'Namespace', name: namespace })),
      namespaceResourceWhitelist: projectKinds(config).map(({ group, kind }) => ({ group, kind })),
      roles: [{ name: 'status', policies: ['applications', 'applicationsets'].map(mayGet) }],
    },
  };
};
