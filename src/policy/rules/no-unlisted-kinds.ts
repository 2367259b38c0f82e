import { kindOf, kinds, printKind } from '../../model/kinds.js';
import { quote } from '../pointer.js';
import type { Rule } from '../rule.js';

const chart = new Set(kinds.filter(({ from }) => from === 'chart').map(printKind));
const frame = new Set([
  ...kinds.filter(({ from }) => from === 'frame').map(printKind),
  'rbac.authorization.k8s.io/Role',
  'rbac.authorization.k8s.io/RoleBinding',
]);
// Served by every cluster since 1.28; another version of these has another shape, which nothing here would have checked.
const versions: Readonly<Record<string, readonly string[]>> = {
  'autoscaling/HorizontalPodAutoscaler': ['v1', 'v2'],
  'gateway.networking.k8s.io/HTTPRoute': ['v1', 'v1beta1'],
  'external-secrets.io/ExternalSecret': ['v1', 'v1beta1'],
  'bitnami.com/SealedSecret': ['v1alpha1'],
};
// Whatever the platform lists: they reach beyond the namespace.
const clusterScoped =
  /^(?:Cluster[A-Z]\w*|CustomResourceDefinition|APIService|PersistentVolume|StorageClass|IngressClass|GatewayClass|PriorityClass|RuntimeClass|CSIDriver|Node|(?:Mutating|Validating)WebhookConfiguration|(?:Mutating|Validating)AdmissionPolicy(?:Binding)?|CertificateSigningRequest)$/;

/**
 * Refuses kinds that aren't in the table of allowed ones, the frame's kinds, cluster-scoped kinds, unknown
 * versions of known kinds: whatever isn't known to be safe is refused.
 */
export const noUnlistedKinds: Rule = {
  name: 'no-unlisted-kinds',
  *object({ manifest }, { config }) {
    const kind = printKind(kindOf(manifest));
    if (frame.has(kind))
      yield {
        field: '/kind',
        message: `${quote(kind)} comes with the frame, or from cluster.frame, never from a chart`,
        remedy: 'Leave it out; the platform adds its own to cluster.frame in bivouac.yaml.',
      };
    else if (clusterScoped.test(manifest.kind))
      yield {
        field: '/kind',
        message: `${quote(kind)} reaches beyond the environment’s namespace`,
        remedy: 'Leave it out of the chart; the platform installs it once for the cluster.',
      };
    else if (!chart.has(kind) && !config.policy.kinds.includes(kind))
      yield {
        field: '/kind',
        message: `${quote(kind)} is no kind that a chart may bring`,
        remedy: `Leave it out, or let the platform add ${quote(kind)} to policy.kinds.`,
      };
    else if (chart.has(kind) && !(versions[kind] ?? ['v1']).includes(versionOf(manifest.apiVersion)))
      yield {
        field: '/apiVersion',
        message: `${quote(manifest.apiVersion)} is no version of ${kind} that is checked`,
        remedy: `Use version ${(versions[kind] ?? ['v1']).join(' or ')}.`,
      };
  },
};

const versionOf = (apiVersion: string): string => apiVersion.slice(apiVersion.lastIndexOf('/') + 1);
