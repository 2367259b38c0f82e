import { pointer, quote } from '../pointer.js';
import type { Rule } from '../rule.js';
import { viewAs } from '../view.js';

/** Refuses a workload whose selector its own pods don't match: the API server refuses it. */
export const validSelectors: Rule = {
  name: 'valid-selectors',
  *object({ manifest }) {
    const spec = (viewAs(manifest, 'Deployment') ?? viewAs(manifest, 'StatefulSet'))?.spec;
    if (!spec) return;
    const selector = Object.entries(spec.selector?.matchLabels ?? {});
    const remedy = 'Select by app.kubernetes.io/name alone and set it on the pod template; the constructs do it.';
    if (selector.length === 0)
      yield { field: '/spec/selector/matchLabels', message: 'a workload needs a selector', remedy };
    for (const [key, value] of selector)
      if (spec.template?.metadata?.labels?.[key] !== value)
        yield {
          field: `/spec/selector/matchLabels${pointer(key)}`,
          message: `its pods don’t carry the label ${quote(`${key}: ${value ?? ''}`)}`,
          remedy,
        };
  },
};
