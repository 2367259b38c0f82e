import { isGiven } from '../fields.js';
import type { Rule } from '../rule.js';
import { viewAs } from '../view.js';

/** Refuses claims of one certain volume: it may hold another environment's data. */
export const noForeignVolumes: Rule = {
  name: 'no-foreign-volumes',
  *object({ manifest }) {
    const templates = viewAs(manifest, 'StatefulSet')?.spec?.volumeClaimTemplates ?? [];
    const claims = [
      { spec: viewAs(manifest, 'PersistentVolumeClaim')?.spec, field: '/spec' },
      ...templates.map(({ spec }, index) => ({ spec, field: `/spec/volumeClaimTemplates/${index}/spec` })),
    ];
    for (const { spec, field } of claims)
      if (isGiven(spec?.volumeName))
        yield {
          field: `${field}/volumeName`,
          message: 'a volume by name may hold another environment’s data',
          remedy: 'Leave volumeName out: the claim gets a new volume.',
        };
  },
};
