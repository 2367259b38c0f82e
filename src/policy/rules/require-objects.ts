import type { Rule } from '../rule.js';

/** Refuses an environment without any object: an empty directory keeps what is deployed. */
export const requireObjects: Rule = {
  name: 'require-objects',
  *set(objects) {
    if (objects.length === 0)
      yield {
        field: '',
        message: 'the chart rendered no object at all',
        remedy: 'Switch at least one component on: an empty directory would keep what is deployed, for ever.',
      };
  },
};
