import { parseImage } from '../../model/image-reference.js';
import { imagesOf } from '../images.js';
import { quote } from '../pointer.js';
import type { Rule } from '../rule.js';

/** Refuses images without tag or digest, or tagged `latest`: what runs would change without a commit. */
export const noLatestTag: Rule = {
  name: 'no-latest-tag',
  *object({ pods }, { config }) {
    if (config.policy.images !== 'pinned') return;
    for (const { image, field } of imagesOf(pods)) {
      const parsed = parseImage(image);
      if ('defect' in parsed || parsed.digest !== undefined) continue;
      if (parsed.tag === undefined || parsed.tag.toLowerCase() === 'latest')
        yield {
          field,
          message: `${quote(image)} has ${parsed.tag === undefined ? 'no tag' : 'the tag latest'}: what it runs changes without a commit`,
          remedy: 'Give the image a tag other than latest, or a digest (policy.images: pinned).',
        };
    }
  },
};
