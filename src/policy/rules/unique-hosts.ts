import { hostOf } from '../../model/hosts.js';
import { exposureOf } from '../exposure.js';
import { quote } from '../pointer.js';
import type { Rule } from '../rule.js';

/**
 * Refuses two components with one host; a host that is another application's: the controller would choose by its
 * own order.
 */
export const uniqueHosts: Rule = {
  name: 'unique-hosts',
  *set(objects, { spec, config }) {
    const owners = new Map<string, string>();
    for (const object of objects)
      for (const { host, field } of exposureOf(object.manifest)?.hosts ?? []) {
        if (!host) continue;
        const { component } = object;
        const owner = owners.get(host) ?? component;
        owners.set(host, owner);
        const other = [...config.applications.keys()].find((name) => name === `${component}-${spec.application}`);
        if (owner !== component)
          yield {
            object,
            field,
            message: `${quote(host)} is taken by component ${owner}`,
            remedy: 'Only one component may be primary.',
          };
        else if (other !== undefined && host === hostOf(spec, component, 'public'))
          yield {
            object,
            field,
            message: `${quote(host)} is also the host of application ${other}`,
            remedy: 'Rename the component: <component>-<application> must be no application’s name.',
          };
      }
  },
};
