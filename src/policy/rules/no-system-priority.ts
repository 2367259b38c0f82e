import { quote } from '../pointer.js';
import type { Rule } from '../rule.js';

/** Refuses the priority classes of the cluster itself: they drive other teams' pods off the nodes. */
export const noSystemPriority: Rule = {
  name: 'no-system-priority',
  *object({ pods }) {
    for (const { spec, field } of pods)
      if (spec.priorityClassName?.startsWith('system-'))
        yield {
          field: `${field}/spec/priorityClassName`,
          message: `${quote(spec.priorityClassName)} drives other teams’ pods off the nodes`,
          remedy: 'Leave priorityClassName out.',
        };
  },
};
