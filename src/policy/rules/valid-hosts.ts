import { hostOf } from '../../model/hosts.js';
import { exposureOf } from '../exposure.js';
import { fieldOf, isGiven } from '../fields.js';
import { quote } from '../pointer.js';
import type { Rule } from '../rule.js';

/**
 * Refuses hosts that aren't the component's own computed ones; no host, wildcards, default backends: a host could
 * be another environment's.
 */
export const validHosts: Rule = {
  name: 'valid-hosts',
  *object({ manifest, component }, { spec }) {
    const exposure = exposureOf(manifest);
    if (!exposure) return;
    const allowed = [hostOf(spec, component, 'public'), hostOf(spec, component, 'primary')];
    const remedy = 'Hosts are computed: say public or primary, or ask this.publicUrl(…) for the address.';
    for (const { host, field } of [...exposure.hosts, ...exposure.certificateHosts])
      if (!host) yield { field, message: 'without a host it takes every host of the cluster', remedy };
      else if (!allowed.includes(host))
        yield { field, message: `${quote(host)} is not this component’s host: ${allowed.join(' or ')}`, remedy };
    for (const key of ['defaultBackend', 'subdomain'])
      if (isGiven(fieldOf(manifest, 'spec', key)))
        yield { field: `/spec/${key}`, message: `${key} takes hosts that aren’t this component’s`, remedy };
    if (!['None', undefined, null, ''].includes(fieldOf(manifest, 'spec', 'wildcardPolicy') as string))
      yield { field: '/spec/wildcardPolicy', message: 'a wildcard takes hosts that aren’t this component’s', remedy };
  },
};
