import { kindOf, printKind } from '../../model/kinds.js';
import { type Manifest, printObject } from '../../model/manifest.js';
import type { Rule } from '../rule.js';

/** Refuses the same kind and name twice, or beside `cluster.frame`: one of the two would win in silence. */
export const uniqueObjects: Rule = {
  name: 'unique-objects',
  *set(objects, { config }) {
    const owners = new Map(config.cluster.frame.map((manifest) => [identity(manifest), 'cluster.frame']));
    for (const object of objects) {
      const { manifest, component } = object;
      const owner = owners.get(identity(manifest));
      if (owner === undefined) owners.set(identity(manifest), component);
      else
        yield {
          object,
          field: '/metadata/name',
          message: `${printObject(manifest)} is there twice: ${owner} has it, too`,
          remedy: 'Give one of the two another name: the later one would win in silence.',
        };
    }
  },
};

const identity = (manifest: Manifest): string => `${printKind(kindOf(manifest))} ${manifest.metadata.name}`;
