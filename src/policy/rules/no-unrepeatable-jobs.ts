import { isGiven } from '../fields.js';
import type { Rule } from '../rule.js';
import { viewAs } from '../view.js';

/**
 * Refuses Jobs with a TTL, suspended ones, own selectors, pods that always restart: they run for ever, never end,
 * or can't be applied a second time.
 */
export const noUnrepeatableJobs: Rule = {
  name: 'no-unrepeatable-jobs',
  *object({ manifest }) {
    const spec = viewAs(manifest, 'Job')?.spec;
    if (!spec) return;
    if (spec.ttlSecondsAfterFinished !== undefined && spec.ttlSecondsAfterFinished !== null)
      yield {
        field: '/spec/ttlSecondsAfterFinished',
        message: 'a Job that vanishes is made again, and runs again, for ever',
        remedy: 'Leave ttlSecondsAfterFinished out: the Job goes with its environment.',
      };
    if (spec.suspend === true)
      yield {
        field: '/spec/suspend',
        message: 'a suspended Job never ends, so the environment never becomes ready',
        remedy: 'Leave suspend out.',
      };
    for (const field of ['selector', 'manualSelector'] as const)
      if (isGiven(spec[field]) && spec[field] !== false)
        yield {
          field: `/spec/${field}`,
          message: 'a Job with a selector of its own can’t be applied beside its predecessor',
          remedy: `Leave ${field} out: Kubernetes makes one.`,
        };
    const { restartPolicy } = spec.template?.spec ?? {};
    if (restartPolicy !== 'Never' && restartPolicy !== 'OnFailure')
      yield {
        field: '/spec/template/spec/restartPolicy',
        message: 'a Job’s pods restart Never or OnFailure, else it is refused',
        remedy: 'Set restartPolicy: Never.',
      };
  },
};
