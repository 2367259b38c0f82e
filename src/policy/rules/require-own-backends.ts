import { exposureOf } from '../exposure.js';
import { quote } from '../pointer.js';
import type { Rule } from '../rule.js';
import { isKind } from '../view.js';

/**
 * Refuses an exposure object that leads to anything but a Service of its own component: nothing is public unless
 * its component says so.
 */
export const requireOwnBackends: Rule = {
  name: 'require-own-backends',
  *set(objects) {
    for (const object of objects)
      for (const { kind, name, field } of exposureOf(object.manifest)?.backends ?? [])
        if (
          kind !== 'Service' ||
          !objects.some(
            (each) =>
              each.component === object.component &&
              isKind(each.manifest, 'Service') &&
              each.manifest.metadata.name === name,
          )
        )
          yield {
            object,
            field,
            message: `${quote(name)} is no Service of component ${object.component}`,
            remedy: 'Expose a component’s own Service; what another one serves is made public there.',
          };
  },
};
