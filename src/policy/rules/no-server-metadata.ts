import { fieldOf, isGiven } from '../fields.js';
import type { Rule } from '../rule.js';

const reasons: Readonly<Record<string, string>> = {
  finalizers: 'a finalizer can keep the environment from ever going away',
  ownerReferences: 'an owner elsewhere decides about the object’s life',
  generateName: 'generateName makes a new object at each sync',
  deletionTimestamp: 'the API server writes it',
  deletionGracePeriodSeconds: 'the API server writes it',
  creationTimestamp: 'the API server writes it',
  managedFields: 'the API server writes it',
  resourceVersion: 'the API server writes it',
  selfLink: 'the API server writes it',
  uid: 'the API server writes it',
};

/**
 * Refuses finalizers, owner references, `generateName`, fields that the API server writes: removal would hang, or
 * each sync would differ.
 */
export const noServerMetadata: Rule = {
  name: 'no-server-metadata',
  *object(object) {
    for (const { metadata, field } of object.metadata)
      for (const [key, message] of Object.entries(reasons))
        if (isGiven(fieldOf(metadata, key)))
          yield { field: `${field}/${key}`, message, remedy: `Leave metadata.${key} out.` };
  },
};
