import { fieldOf, isGiven } from './fields.js';
import type { PlacedPod } from './pods.js';

/** An image reference as a pod writes it. */
export interface PlacedImage {
  readonly image: string;
  readonly field: string;
}

/** Every image that pods pull: of containers, and of image volumes. */
export const imagesOf = (pods: readonly PlacedPod[]): readonly PlacedImage[] =>
  pods.flatMap(({ containers, spec, field: pod }) => [
    ...containers.map(({ container, field }) => ({ image: container.image ?? '', field: `${field}/image` })),
    ...(spec.volumes ?? []).flatMap((volume, index) => {
      const image = fieldOf(volume, 'image'); // newer than the types
      const reference = fieldOf(image, 'reference');
      return isGiven(image)
        ? [
            {
              image: typeof reference === 'string' ? reference : '',
              field: `${pod}/spec/volumes/${index}/image/reference`,
            },
          ]
        : [];
    }),
  ]);
