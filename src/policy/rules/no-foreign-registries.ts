import { comesFrom, parseImage } from '../../model/image-reference.js';
import { imagesOf } from '../images.js';
import { quote } from '../pointer.js';
import type { Rule } from '../rule.js';

/** Refuses images from elsewhere, by whole path segments: who may push there decides what runs here. */
export const noForeignRegistries: Rule = {
  name: 'no-foreign-registries',
  *object({ pods }, { config }) {
    const { registries } = config.policy;
    if (registries === undefined) return;
    for (const { image, field } of imagesOf(pods)) {
      const parsed = parseImage(image);
      if (!('defect' in parsed) && !registries.some((allowed) => comesFrom(parsed, allowed)))
        yield {
          field,
          message: `${quote(image)} comes from ${quote(`${parsed.registry}/${parsed.repository}`)}, which policy.registries doesn’t list`,
          remedy: `Use an image from ${registries.join(', ') || 'a registry that the platform lists'}, or ask the platform to add this one.`,
        };
    }
  },
};
