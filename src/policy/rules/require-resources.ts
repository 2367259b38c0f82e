import { resourceNames } from '../budget.js';
import { show } from '../pointer.js';
import { parseQuantity } from '../../model/quantity.js';
import type { Rule } from '../rule.js';

/**
 * Refuses containers without requests and limits for CPU and memory: the quota refuses such pods, or one starves
 * the others.
 */
export const requireResources: Rule = {
  name: 'require-resources',
  *object({ pods }) {
    for (const { container, field } of pods.flatMap((pod) => pod.containers))
      for (const side of ['requests', 'limits'] as const)
        for (const name of resourceNames) {
          const value = container.resources?.[side]?.[name];
          const quantity = parseQuantity(value ?? '');
          if (quantity === undefined || quantity <= 0n)
            yield {
              field: `${field}/resources/${side}/${name}`,
              message:
                value === undefined || value === null
                  ? `resources.${side}.${name} is not set`
                  : `${show(value)} is no amount of ${name}`,
              remedy: `Set resources.${side}.${name}, e.g. ${name === 'cpu' ? '50m' : '64Mi'}; the constructs do it with size: 'small'.`,
            };
        }
  },
};
