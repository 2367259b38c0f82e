import { exposureOf } from '../exposure.js';
import { quote } from '../pointer.js';
import type { Rule } from '../rule.js';

const prefix = 'bivouac.dev/';
const flags = /^bivouac\.dev\/(?:exposed|fenced|needs-[a-z][-a-z0-9]*)$/;

/**
 * Refuses labels under `bivouac.dev/` other than those of the constructs; `exposed` on pods of a component that
 * exposes nothing: the frame's network policies go by them.
 */
export const validBivouacLabels: Rule = {
  name: 'valid-bivouac-labels',
  *set(objects) {
    const exposing = new Set(objects.filter(({ manifest }) => exposureOf(manifest)).map(({ component }) => component));
    for (const object of objects)
      for (const { key, value, field, in: list, of } of object.entries) {
        if (list !== 'labels' || !key.startsWith(prefix)) continue;
        if (key === `${prefix}exposed` && of === 'pod' && !exposing.has(object.component))
          yield {
            object,
            field,
            message: 'the pod says it is exposed, but its component has no Ingress, HTTPRoute or Route',
            remedy: 'Make the component public or primary, or take the label off.',
          };
        else if (key !== `${prefix}task` && (!flags.test(key) || value !== 'true'))
          yield {
            object,
            field,
            message: `${quote(`${key}: ${value}`)} is a label of the frame’s`,
            remedy: 'Leave it out: the constructs set the labels that the frame reads.',
          };
      }
  },
};
