import { parseAllDocuments } from 'yaml';
import { type Kubernetes, type Live, places } from './kubernetes.js';
import { until } from './seen.js';

export interface Installation {
  readonly application: string;
  /** The GitOps repository, and what Argo CD reads it with. */
  readonly repository: { readonly url: string; readonly username: string; readonly password: string };
  /** What `bivouac init gitops` made: an AppProject and an ApplicationSet. */
  readonly objects: readonly Live[];
  /** Seconds between the set's looks at the repository. @default as the set says */
  readonly poll?: number;
}

/** Applies it as an administrator would; gives what removes all of it. */
export const applyArgoCd = async (
  kubernetes: Kubernetes,
  { application, repository, objects, poll }: Installation,
): Promise<() => Promise<void>> => {
  const credential = places.secret('argocd', `${application}-repository`);
  await kubernetes.apply(credential, {
    ...{ apiVersion: 'v1', kind: 'Secret' },
    metadata: {
      ...{ name: `${application}-repository`, namespace: 'argocd' },
      labels: { 'argocd.argoproj.io/secret-type': 'repository' },
    },
    stringData: { type: 'git', ...repository },
  });
  for (const object of objects) {
    if (object.kind === 'AppProject') await kubernetes.apply(places.project(object.metadata.name), object);
    if (object.kind === 'ApplicationSet')
      await kubernetes.apply(places.set(object.metadata.name), poll === undefined ? object : polled(object, poll));
  }
  const name = `${application}-environments`;
  return async () => {
    await kubernetes.remove(places.set(name));
    await noneLeft(kubernetes, application);
    await kubernetes.remove(places.project(name));
    await kubernetes.remove(credential);
  };
};

export const objectsIn = (yaml: string): readonly Live[] =>
  [...parseAllDocuments(yaml)].map((document) => document.toJS() as Live);

/** Three minutes are what people should have, and too long for tests. */
const polled = (set: Live, seconds: number): unknown => {
  const copy = structuredClone(set) as unknown as {
    spec: { generators: { git: { requeueAfterSeconds: number } }[] };
  };
  for (const { git } of copy.spec.generators) git.requeueAfterSeconds = seconds;
  return copy;
};

/** The set takes its Applications along, and they their namespaces. What a failed case left hanging is let go. */
const noneLeft = async (kubernetes: Kubernetes, application: string): Promise<void> => {
  const ours = async (): Promise<readonly Live[]> => {
    const [applications, namespaces] = await Promise.all([
      kubernetes.list('/apis/argoproj.io/v1alpha1/namespaces/argocd/applications'),
      kubernetes.list('/api/v1/namespaces'),
    ]);
    return [...applications, ...namespaces].filter(({ metadata }) => metadata.name.startsWith(`${application}-`));
  };
  let left: readonly Live[] = [];
  await until(400, async () => (left = await ours()).length === 0, {
    what: () => `not gone: ${left.map(({ metadata }) => metadata.name).join(', ')}`,
    everyMs: 2000,
  });
};

/** The simulated node lacks ephemeral storage, which our pods ask for; real ones have it. */
export const giveStorage = async (kubernetes: Kubernetes): Promise<void> => {
  const node = '/api/v1/nodes/simulated-1';
  if ((await kubernetes.get(node)) === undefined) return;
  const storage = { 'ephemeral-storage': '500Gi' };
  await kubernetes.merge(`${node}/status`, { status: { capacity: storage, allocatable: storage } });
};
