import type { Manifest, ManifestMetadata } from '../../model/manifest.js';

/** One object of the frame, typed where it is written (`satisfies`), plain data from here on. */
export const frameObject = (
  type: { readonly apiVersion: string; readonly kind: string },
  metadata: ManifestMetadata,
  body: Readonly<Record<string, unknown>> = {},
): Manifest => ({ ...type, metadata, ...body });
