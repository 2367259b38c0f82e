import { isGiven } from '../fields.js';
import { quote } from '../pointer.js';
import { workloadAccount } from '../../model/pods.js';
import type { Rule } from '../rule.js';

/**
 * Refuses another service account than `bivouac-workload`, mounted tokens: pods have no business with the API
 * server.
 */
export const requireWorkloadAccount: Rule = {
  name: 'require-workload-account',
  *object({ pods }) {
    for (const { spec, field } of pods) {
      const remedy = `Set serviceAccountName: ${workloadAccount}, which has no token; the constructs do it.`;
      if (spec.serviceAccountName !== workloadAccount)
        yield {
          field: `${field}/spec/serviceAccountName`,
          message: `pods run as ${workloadAccount}, not as ${quote(spec.serviceAccountName || 'default')}`,
          remedy,
        };
      if (isGiven(spec.serviceAccount) && spec.serviceAccount !== workloadAccount)
        yield {
          field: `${field}/spec/serviceAccount`,
          message: `pods run as ${workloadAccount}, not as ${quote(spec.serviceAccount ?? '')}`,
          remedy,
        };
      if (spec.automountServiceAccountToken === true)
        yield {
          field: `${field}/spec/automountServiceAccountToken`,
          message: 'a pod needs no token for the API server',
          remedy: 'Set automountServiceAccountToken: false.',
        };
      for (const [index, volume] of (spec.volumes ?? []).entries())
        if ((volume.projected?.sources ?? []).some(({ serviceAccountToken }) => serviceAccountToken))
          yield {
            field: `${field}/spec/volumes/${index}/projected`,
            message: 'a pod needs no token for the API server',
            remedy: 'Leave the serviceAccountToken source out.',
          };
    }
  },
};
