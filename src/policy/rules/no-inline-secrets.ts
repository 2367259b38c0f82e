import { fieldOf, isGiven } from '../fields.js';
import type { Rule } from '../rule.js';

/** Refuses Secrets with data: Git keeps it for ever. */
export const noInlineSecrets: Rule = {
  name: 'no-inline-secrets',
  *object({ manifest }) {
    if (manifest.kind !== 'Secret') return;
    for (const field of ['data', 'stringData'])
      if (isGiven(fieldOf(manifest, field)))
        yield {
          field: `/${field}`,
          message: 'a Secret’s data would stay in Git for ever',
          remedy: 'Refer to an existing Secret, or use an ExternalSecret or a SealedSecret.',
        };
  },
};
