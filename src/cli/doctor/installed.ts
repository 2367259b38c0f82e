import type { Config } from '../../config/config.js';
import { secretsOf } from '../../config/environment.js';
import { compareInstalled, expectedArgoCd } from '../../controllers/argocd/installed.js';
import type { RecordFact } from '../../controllers/argocd/installed-set.js';
import type { InstalledSource } from '../../controllers/argocd/read-installed.js';
import type { Cluster } from '../../controllers/kubernetes/cluster.js';
import { directoryOf } from '../../model/names.js';
import type { Context } from '../context.js';
import type { StoredEntry } from '../stored.js';
import { hasController, isLocal } from '../wire.js';
import { type Finding, finding, skipped } from './finding.js';

/** What the cluster has installed against what this version expects. `entries`: what Git holds; absent where it can't be read. */
export async function examineInstalled(
  config: Config,
  entries: readonly StoredEntry[] | undefined,
  context: Context,
): Promise<readonly Finding[]> {
  const blind = tokenMissing(config, context);
  if (isLocal(config))
    return [...blind, skipped('controller', 'the GitOps repository is a path on this disk: no cluster reads it')];
  const { KUBECONFIG: kubeconfig = '' } = context.io.environment;
  if (kubeconfig === '' && config.controller.url === undefined)
    return [
      skipped(
        'controller',
        'neither KUBECONFIG nor controller.url (with BIVOUAC_ARGOCD_TOKEN) is set: what is installed was not looked at',
      ),
    ];
  const installed = await finding('controller', async () => {
    const cluster = kubeconfig === '' ? undefined : await clusterOf(kubeconfig);
    return config.controller.kind === 'flux'
      ? flux(config, cluster)
      : argocd(config, entries, await sourceOf(config, cluster, context));
  });
  return [...blind, ...installed];
}

/** No problem: jobs that don't wait need none. */
function tokenMissing(config: Config, { io }: Context): readonly Finding[] {
  const { kind, url } = config.controller;
  if (kind !== 'argocd' || url === undefined || hasController(config, io)) return [];
  return [
    {
      ...skipped('controller', 'controller.url is set, and BIVOUAC_ARGOCD_TOKEN isn’t: nobody watches the cluster'),
      remedy: 'Set it to a token of the project’s role “status”, or KUBECONFIG to a file.',
    },
  ];
}

const clusterOf = async (kubeconfig: string): Promise<Cluster> =>
  (await import('../../controllers/kubernetes/client.js')).openCluster({ kubeconfig });

/** The cluster shows everything; Argo CD's address at least knows its version, where it doesn't run as a Deployment of the usual name. */
async function sourceOf(config: Config, cluster: Cluster | undefined, { io }: Context): Promise<InstalledSource> {
  const { installedInCluster } = await import('../../controllers/argocd/read-installed.js');
  const { installedByApi } = await import('../../controllers/argocd/installed-api.js');
  const { url } = config.controller;
  const { argocdToken } = secretsOf(io.environment);
  const api =
    url === undefined ? undefined : installedByApi({ url, ...(argocdToken !== undefined && { token: argocdToken }) });
  if (cluster === undefined) return api!;
  const inCluster = installedInCluster(cluster, config.forge.kind);
  if (api === undefined) return inCluster;
  return { ...inCluster, version: async () => (await inCluster.version().catch(() => undefined)) ?? api.version() };
}

async function argocd(
  config: Config,
  entries: readonly StoredEntry[] | undefined,
  source: InstalledSource,
): Promise<readonly Finding[]> {
  const { readInstalled } = await import('../../controllers/argocd/read-installed.js');
  const installed = await readInstalled(source, [...config.applications.keys()]);
  return compareInstalled(expectedArgoCd(config, entries?.map(factOf)), installed);
}

const factOf = ({ id, read }: StoredEntry): RecordFact => {
  const at = { path: `${directoryOf(id)}/environment.json`, application: id.application };
  if (read.kind === 'record') return { ...at, keys: Object.keys(read.record) };
  return { ...at, problem: read.kind === 'newer' ? 'a newer Bivouac wrote it' : read.problem };
};

async function flux(config: Config, cluster: Cluster | undefined): Promise<readonly Finding[]> {
  if (cluster === undefined) return [skipped('Flux', 'KUBECONFIG is not set, and Flux has no API of its own')];
  const { compareFlux } = await import('../../controllers/flux/installed.js');
  const { fluxSource } = await import('../../controllers/flux/kustomization.js');
  const { reading } = await import('../../controllers/argocd/read-installed.js');
  const at = (group: string, plural: string): string =>
    `/apis/${group}.toolkit.fluxcd.io/v1/namespaces/${fluxSource.namespace}/${plural}/${fluxSource.name}`;
  const [source, kustomization] = await Promise.all([
    reading(() => cluster.get(at('source', 'gitrepositories'))),
    reading(() => cluster.get(at('kustomize', 'kustomizations'))),
  ]);
  return compareFlux(config, { source, kustomization });
}
