import type { NetworkPolicyPort } from 'kubernetes-types/networking/v1.js';
import type { Component, Manifest } from '../../model/manifest.js';
import { marks, needsMark } from '../../model/marks.js';
import { at, listAt, podLabelsOf, podTemplateOf } from '../views.js';
import { networkPolicy } from './network-policy.js';

/** For each component whose pods are fenced: in come only the pods that refer to it, at its own ports. */
export const fences = (namespace: string, components: readonly Component[]): readonly Manifest[] =>
  components.flatMap((component) => {
    const fenced = component.manifests.filter((manifest) => podLabelsOf(manifest)[marks.fenced] === 'true');
    return fenced.length === 0 ? [] : [fence(namespace, component.name, fenced.flatMap(portsOf))];
  });

const fence = (namespace: string, component: string, ports: readonly NetworkPolicyPort[]): Manifest =>
  networkPolicy(namespace, `bivouac-allow-${component}`, {
    podSelector: { matchLabels: { [marks.component]: component, [marks.fenced]: 'true' } },
    policyTypes: ['Ingress'],
    // a rule without ports would open all of them
    ingress:
      ports.length === 0
        ? []
        : [{ from: [{ podSelector: { matchLabels: { [needsMark(component)]: 'true' } } }], ports: [...ports] }],
  });

const portsOf = (workload: Manifest): readonly NetworkPolicyPort[] =>
  listAt(podTemplateOf(workload), 'spec', 'containers')
    .flatMap((container) => listAt(container, 'ports'))
    .flatMap((port) => {
      const number = at(port, 'containerPort');
      const protocol = at(port, 'protocol');
      return typeof number === 'number'
        ? [{ protocol: protocol === 'UDP' || protocol === 'SCTP' ? protocol : 'TCP', port: number }]
        : [];
    });
