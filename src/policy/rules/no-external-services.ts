import { isGiven } from '../fields.js';
import { show } from '../pointer.js';
import type { Rule } from '../rule.js';
import { viewAs } from '../view.js';

const fields = [
  'externalIPs',
  'externalName',
  'loadBalancerIP',
  'loadBalancerClass',
  'loadBalancerSourceRanges',
  'healthCheckNodePort',
] as const;

/**
 * Refuses LoadBalancer, NodePort, ExternalName, external IPs: they cost money, open ports, or take over other
 * traffic.
 */
export const noExternalServices: Rule = {
  name: 'no-external-services',
  *object({ manifest }) {
    const spec = viewAs(manifest, 'Service')?.spec;
    if (!spec) return;
    const remedy = 'Use type ClusterIP; what people should reach says public: true.';
    if (isGiven(spec.type) && spec.type !== 'ClusterIP')
      yield {
        field: '/spec/type',
        message: `a Service of type ${show(spec.type)} leaves the environment’s namespace`,
        remedy,
      };
    for (const field of fields)
      if (isGiven(spec[field]))
        yield { field: `/spec/${field}`, message: `${field} leaves the environment’s namespace`, remedy };
    for (const [index, port] of (spec.ports ?? []).entries())
      if (port.nodePort)
        yield { field: `/spec/ports/${index}/nodePort`, message: 'a node port is open on every node', remedy };
  },
};
