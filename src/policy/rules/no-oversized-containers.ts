import { budgetOf, resourceNames } from '../budget.js';
import { show } from '../pointer.js';
import { parseQuantity, printQuantity } from '../../model/quantity.js';
import type { Rule } from '../rule.js';

/**
 * Refuses a limit above twice the preset's CPU or above its memory; a request above its limit: the frame's
 * LimitRange refuses the pod, and the environment never becomes ready.
 */
export const noOversizedContainers: Rule = {
  name: 'no-oversized-containers',
  *object({ pods }, { spec, config }) {
    const budget = budgetOf(spec, config);
    if (!budget) return; // `require-fitting-quota` says so
    for (const { container, field } of pods.flatMap((pod) => pod.containers))
      for (const name of resourceNames) {
        const request = container.resources?.requests?.[name] ?? '';
        const limit = container.resources?.limits?.[name] ?? '';
        const [asked, most] = [parseQuantity(request), parseQuantity(limit)];
        const unit = name === 'cpu' ? 'cpu' : 'bytes';
        if (most !== undefined && most > budget.container[name])
          yield {
            field: `${field}/resources/limits/${name}`,
            message: `a limit of ${show(limit)} ${name} is more than one container may have: ${printQuantity(budget.container[name], unit)}`,
            remedy: 'Lower it; the constructs’ largest size is large. The platform raises it with the preset’s quota.',
          };
        if (asked !== undefined && most !== undefined && asked > most)
          yield {
            field: `${field}/resources/requests/${name}`,
            message: `${show(request)} ${name} are requested, but the limit is ${show(limit)}`,
            remedy: 'A request is at most its limit.',
          };
      }
  },
};
