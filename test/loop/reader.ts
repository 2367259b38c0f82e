import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { type Kubernetes, type Live, places } from '../cluster/kubernetes.js';
import { until } from '../cluster/seen.js';

const role = join(import.meta.dirname, '..', '..', 'examples/kubernetes/reader.yaml');

interface Kubeconfig {
  readonly users: readonly { readonly name: string }[];
}

/** An account that may read what examples/kubernetes/reader.yaml says and nothing else: writes its kubeconfig, gives what removes it. */
export const createReader = async (
  kubernetes: Kubernetes,
  { name, kubeconfig, file }: { readonly name: string; readonly kubeconfig: string; readonly file: string },
): Promise<() => Promise<void>> => {
  const namespace = 'default';
  const clusterRole = parse(await readFile(role, 'utf8')) as Live;
  const rbac = '/apis/rbac.authorization.k8s.io/v1';
  const own = { ...clusterRole, metadata: { name } };
  const at = {
    role: `${rbac}/clusterroles/${name}`,
    binding: `${rbac}/clusterrolebindings/${name}`,
    account: `/api/v1/namespaces/${namespace}/serviceaccounts/${name}`,
    secret: places.secret(namespace, name),
  };
  await kubernetes.apply(at.role, own);
  await kubernetes.apply(at.account, {
    ...{ apiVersion: 'v1', kind: 'ServiceAccount' },
    metadata: { name, namespace },
  });
  await kubernetes.apply(at.binding, {
    ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding', metadata: { name } },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: [{ kind: 'ServiceAccount', name, namespace }],
  });
  await kubernetes.apply(at.secret, {
    ...{ apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/service-account-token' },
    metadata: { name, namespace, annotations: { 'kubernetes.io/service-account.name': name } },
  });
  const minted = async (): Promise<string | undefined> =>
    ((await kubernetes.get(at.secret)) as { data?: { token?: string } } | undefined)?.data?.token;
  const token = Buffer.from(await until(60, minted, { what: () => 'the account has no token' }), 'base64').toString();
  const admin = parse(await readFile(kubeconfig, 'utf8')) as Kubeconfig;
  const users = admin.users.map((user) => ({ name: user.name, user: { token } }));
  await writeFile(file, stringify({ ...admin, users }), { mode: 0o600 });
  return async () => {
    for (const path of [at.secret, at.binding, at.account, at.role]) await kubernetes.remove(path);
  };
};
