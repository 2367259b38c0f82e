import { isBivouacError } from '../../model/errors.js';
import type { ApplicationName } from '../../model/names.js';
import type { ForgeKind } from '../../model/pull-request.js';
import type { Cluster } from '../kubernetes/cluster.js';
import { listAt, type Loose, type Reading, textAt, valueAt } from '../notice.js';
import type { InstalledArgoCd } from './installed.js';
import { argocdNamespace, environmentsName } from './project.js';

/** One reading of something: undefined, it isn't there. @throws BivouacError */
export type ReadOne = (name: string) => Promise<Loose | undefined>;

/** What is read where: the same objects come through the Kubernetes API or through Argo CD's own. */
export interface InstalledSource {
  readonly project: ReadOne;
  readonly set: ReadOne;
  readonly version: () => Promise<string | undefined>;
  readonly webhook: () => Promise<boolean | undefined>;
}

const noVersion = 'there is no Deployment argocd-server with a tagged image, and controller.url isn’t set';
const noSecret = 'there is no Secret argocd-secret';

/** Everything that can be read; what can't has the reason in its place. */
export const readInstalled = async (
  source: InstalledSource,
  applications: readonly ApplicationName[],
): Promise<InstalledArgoCd> => {
  const entries = applications.map(async (name) => {
    const [project, set] = await Promise.all([
      reading(() => source.project(environmentsName(name))),
      reading(() => source.set(environmentsName(name))),
    ]);
    return [name, { project, set }] as const;
  });
  return {
    version: orUnread(await reading(source.version), noVersion),
    webhook: orUnread(await reading(source.webhook), noSecret),
    applications: new Map(await Promise.all(entries)),
  };
};

/** What isn't there says nothing here. */
const orUnread = <Value>(read: Reading<Value>, why: string): Reading<Value> =>
  'value' in read && read.value === undefined ? { unread: why } : read;

/** @throws whatever is no BivouacError: a defect */
export const reading = async <Value>(read: () => Promise<Value | undefined>): Promise<Reading<Value>> => {
  try {
    return { value: await read() };
  } catch (error) {
    if (!isBivouacError(error)) throw error;
    return { unread: error.message };
  }
};

/** Through the Kubernetes API: all of it, where the account may. */
export const installedInCluster = (cluster: Cluster, forge: ForgeKind): InstalledSource => {
  const objects = `/apis/argoproj.io/v1alpha1/namespaces/${argocdNamespace}`;
  return {
    project: (name) => cluster.get(`${objects}/appprojects/${name}`),
    set: (name) => cluster.get(`${objects}/applicationsets/${name}`),
    version: async () => {
      const server = await cluster.get(`/apis/apps/v1/namespaces/${argocdNamespace}/deployments/argocd-server`);
      const [container] = listAt(server, ['spec', 'template', 'spec', 'containers']);
      return /:(v?\d[^:/@]*)(?:@|$)/.exec(textAt(container, ['image']))?.[1];
    },
    webhook: async () => {
      const secret = await cluster.get(`/api/v1/namespaces/${argocdNamespace}/secrets/argocd-secret`);
      const keys = Object.keys(valueAt(secret, ['data']) ?? {}); // never the values
      return secret === undefined ? undefined : keys.includes(`webhook.${webhookNames[forge]}.secret`);
    },
  };
};

/** Argo CD takes Gitea's as those of Gogs. */
const webhookNames: Readonly<Record<ForgeKind, string>> = { github: 'github', gitlab: 'gitlab', gitea: 'gogs' };
