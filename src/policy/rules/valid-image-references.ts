import { parseImage } from '../../model/image-reference.js';
import { imagesOf } from '../images.js';
import { quote } from '../pointer.js';
import type { Rule } from '../rule.js';

/** Refuses what is no image reference: it could never be pulled. */
export const validImageReferences: Rule = {
  name: 'valid-image-references',
  *object({ pods }) {
    for (const { image, field } of imagesOf(pods)) {
      const parsed = parseImage(image);
      if ('defect' in parsed)
        yield {
          field,
          message: `${quote(image)} is no image reference: ${parsed.defect}`,
          remedy: 'Write registry/repository:tag or registry/repository@sha256:…, e.g. ghcr.io/acme/shop:1.4.0.',
        };
    }
  },
};
