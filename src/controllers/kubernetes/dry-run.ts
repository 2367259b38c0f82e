import { userError } from '../../model/errors.js';
import type { Json, Manifest } from '../../model/manifest.js';
import { groupOf } from '../../model/manifest.js';
import type { Answer, Refusal, Validator } from '../../validate/port.js';
import type { Cluster, ClusterAnswer } from './cluster.js';

export interface DryRunOptions {
  /** The environment's own namespace. */
  readonly own: string;
  /** Where to check. @default the environment's own where it exists, else `default` */
  readonly namespace?: string;
}

/**
 * The API server itself, asked to apply each object without doing it, unknown fields refused (argocd-flux.md 12.3). A namespace must be
 * there for that: before the first publish, objects are checked in another one.
 * @throws UserError NamespaceNotFound; RefusedError, TemporaryError
 */
export const openDryRun = async (cluster: Cluster, options: DryRunOptions): Promise<Validator> => {
  const namespace = await standing(cluster, options);
  const kinds = new Map<string, Promise<readonly Resource[] | undefined>>();
  const resourcesOf = (apiVersion: string) => {
    const known = kinds.get(apiVersion) ?? served(cluster, apiVersion);
    kinds.set(apiVersion, known);
    return known;
  };
  const place = namespace === options.own ? '' : `, in namespace ${namespace}, since ${options.own} isn’t there yet`;
  return {
    rule: 'server-dry-run',
    against: `the API server ${cluster.server}${place}`,
    check: async (manifest) => {
      const resources = await resourcesOf(manifest.apiVersion);
      const resource = resources?.find(({ kind }) => kind === manifest.kind);
      return resource === undefined ? notServed(manifest) : tried(cluster, { manifest, resource, namespace });
    },
  };
};

interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

const standing = async (cluster: Cluster, { own, namespace }: DryRunOptions): Promise<string> => {
  const name = namespace ?? own;
  const found = await cluster.get(`/api/v1/namespaces/${encodeURIComponent(name)}`);
  if (found !== undefined && found.metadata?.['deletionTimestamp'] === undefined) return name;
  if (namespace === undefined) return 'default';
  throw userError('NamespaceNotFound', `the cluster has no namespace ${namespace}`, {
    where: '--validate-namespace',
    remedy: 'Name one that is there, best with the Pod Security labels of environments; or leave the flag away.',
  });
};

const baseOf = (apiVersion: string): string =>
  `/${groupOf(apiVersion) === '' ? 'api' : 'apis'}/${apiVersion.split('/').map(encodeURIComponent).join('/')}`;

const served = async (cluster: Cluster, apiVersion: string): Promise<readonly Resource[] | undefined> => {
  const list = await cluster.get(baseOf(apiVersion));
  const resources = (list?.['resources'] ?? []) as readonly Resource[];
  return list === undefined ? undefined : resources.filter(({ name }) => !name.includes('/'));
};

const notServed = ({ apiVersion, kind }: Manifest): Answer => ({
  kind: 'faulty',
  faults: [
    {
      field: '/kind',
      message: `the cluster doesn’t serve ${kind} of ${apiVersion}`,
      remedy: 'Use a version that it serves (kubectl api-resources), or have the CustomResourceDefinition installed.',
    },
  ],
});

interface Trial {
  readonly manifest: Manifest;
  readonly resource: Resource;
  readonly namespace: string;
}

const tried = async (cluster: Cluster, { manifest, resource, namespace }: Trial): Promise<Answer> => {
  const { metadata } = manifest;
  const inside = resource.namespaced ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  const body = resource.namespaced ? { ...manifest, metadata: { ...metadata, namespace } } : manifest;
  const answer = await cluster.patch({
    path: `${baseOf(manifest.apiVersion)}${inside}/${resource.name}/${encodeURIComponent(metadata.name)}`,
    body: body as unknown as Json,
    query: { dryRun: 'All', fieldValidation: 'Strict', fieldManager: 'bivouac', force: 'true' },
    contentType: 'application/apply-patch+yaml',
  });
  if (answer.status < 300) return { kind: 'accepted', warnings: answer.warnings };
  const refusal = refusalOf(answer);
  // an account that may not write can't try either; what admission forbids reads otherwise
  if (answer.status === 403 && /cannot (?:patch|create|update) resource/.test(refusal.message))
    return { kind: 'unchecked', why: refusal.message };
  return { kind: 'refused', refusal, warnings: answer.warnings };
};

const refusalOf = ({ body }: ClusterAnswer): Refusal => {
  const details = body['details'] as { readonly causes?: unknown } | undefined;
  const causes = Array.isArray(details?.causes) ? (details.causes as readonly Record<string, unknown>[]) : [];
  return {
    message: textOf(body['message']),
    causes: causes.map(({ field, message }) => ({ field: textOf(field), message: textOf(message) })),
  };
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
