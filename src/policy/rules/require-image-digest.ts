import { parseImage } from '../../model/image-reference.js';
import { imagesOf } from '../images.js';
import { quote } from '../pointer.js';
import type { Rule } from '../rule.js';

/** Refuses images without digest: a tag can be moved. */
export const requireImageDigest: Rule = {
  name: 'require-image-digest',
  *object({ pods }, { config }) {
    if (config.policy.images !== 'digest') return;
    for (const { image, field } of imagesOf(pods)) {
      const parsed = parseImage(image);
      if (!('defect' in parsed) && parsed.digest === undefined)
        yield {
          field,
          message: `${quote(image)} has no digest: what it runs can change without a commit`,
          remedy: 'Name the image by digest, e.g. ghcr.io/acme/shop@sha256:… (policy.images: digest).',
        };
    }
  },
};
