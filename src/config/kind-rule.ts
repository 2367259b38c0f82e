import { kinds, printKind } from '../model/kinds.js';
import { quote } from './issue.js';
import { formRule, type Rule } from './rules.js';

const clusterScoped = new Set(
  (
    'Namespace Node PersistentVolume ClusterRole ClusterRoleBinding CustomResourceDefinition APIService StorageClass ' +
    'PriorityClass IngressClass GatewayClass RuntimeClass CSIDriver CSINode VolumeAttachment FlowSchema ' +
    'PriorityLevelConfiguration CertificateSigningRequest ClusterIssuer ClusterSecretStore ClusterExternalSecret ' +
    'ClusterPolicy MutatingWebhookConfiguration ValidatingWebhookConfiguration ValidatingAdmissionPolicy ' +
    'ValidatingAdmissionPolicyBinding MutatingAdmissionPolicy MutatingAdmissionPolicyBinding ComponentStatus List'
  ).split(' '),
);

/** Kinds that are known to stand above namespaces; others can't be told by their name. */
export const isClusterScoped = (kind: string): boolean => clusterScoped.has(kind);

/** The namespaced kinds of the one group that has no name; Kubernetes adds none to it any more. */
const core = new Set(
  (
    'Binding ConfigMap Endpoints Event LimitRange PersistentVolumeClaim Pod PodTemplate ReplicationController ResourceQuota Secret ' +
    'Service ServiceAccount'
  ).split(' '),
);

const kindForm = formRule({
  what: 'kind',
  pattern: /^(?:[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?\/)?[A-Z][A-Za-z0-9]*$/,
  most: 253,
  remedy: 'Write <group>/<Kind>, e.g. monitoring.coreos.com/PodMonitor.',
});

/** `<group>/<Kind>`, or a kind of the core group alone. What could never match is a mistake, and would be found out late. */
export const kindRule: Rule = (text) => kindForm(text) ?? aboveNamespaces(text) ?? unmatchable(text);

const aboveNamespaces: Rule = (text) =>
  isClusterScoped(text.slice(text.lastIndexOf('/') + 1))
    ? { message: `${quote(text)} stands above namespaces.`, remedy: 'Environments hold namespaced kinds only.' }
    : undefined;

const unmatchable: Rule = (text) => {
  const [kind = '', group] = text.split('/').reverse();
  if (group !== undefined)
    return /^v[0-9]/.test(group)
      ? {
          message: `${quote(text)} has a version where the group stands.`,
          remedy: `Write ${core.has(kind) ? kind : `<group>/${kind}`}.`,
        }
      : undefined;
  if (core.has(kind)) return undefined;
  const builtIn = kinds.find((each) => each.kind === kind && each.from === 'chart');
  return {
    message: `${quote(text)} has no group, so it could never match.`,
    remedy:
      builtIn === undefined
        ? `Write <group>/${kind}, e.g. monitoring.coreos.com/PodMonitor.`
        : `${printKind(builtIn)} is built in: leave it away.`,
  };
};
