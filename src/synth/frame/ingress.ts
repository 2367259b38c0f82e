import type { Component, Manifest } from '../../model/manifest.js';
import { exposedPorts } from '../exposure.js';
import { marks } from '../../model/marks.js';
import { networkPolicy } from './network-policy.js';

/** For each Service behind an exposure object: the ingress controller's namespace may reach its exposed pods at its ports. */
export const ingressAccess = (
  namespace: string,
  components: readonly Component[],
  ingressNamespace: string,
): readonly Manifest[] => {
  const ports = exposedPorts(components);
  const services = [...new Set(ports.map(({ service }) => service))];
  return services.map((service) => {
    const own = ports.filter((port) => port.service === service);
    return networkPolicy(namespace, `bivouac-allow-ingress-${service}`, {
      podSelector: { matchLabels: { ...own[0]?.selector, [marks.exposed]: 'true' } },
      policyTypes: ['Ingress'],
      ingress: [
        {
          from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': ingressNamespace } } }],
          ports: own.map(({ port }) => ({ protocol: 'TCP', port })),
        },
      ],
    });
  });
};
