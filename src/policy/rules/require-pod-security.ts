import { podSecurityVersion } from '../../model/pods.js';
import { checkPod } from '../pod-security/check-pod.js';
import type { Rule } from '../rule.js';

/**
 * Refuses what Pod Security `restricted` (or `baseline`) of Kubernetes v1.32 refuses: the namespace enforces the
 * same, but only when it is too late to say so.
 */
export const requirePodSecurity: Rule = {
  name: 'require-pod-security',
  *object({ pods }, { config }) {
    const level = config.policy.podSecurity;
    for (const { metadata, spec, field } of pods)
      for (const problem of checkPod({ metadata, spec }, { level, version: podSecurityVersion }))
        yield {
          field: field + problem.field,
          message: `Pod Security ${level}: ${problem.message}`,
          remedy: `${problem.remedy} The constructs do it.`,
        };
  },
};
