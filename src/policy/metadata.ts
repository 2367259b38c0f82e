import { below } from './pointer.js';
import type { Manifest } from '../model/manifest.js';
import type { PlacedPod } from './pods.js';
import { type MetadataView, viewAs } from './view.js';

/** Metadata of an object or of a template in it. */
export interface PlacedMetadata {
  readonly metadata: MetadataView;
  readonly field: string;
  readonly of: 'object' | 'pod' | 'template';
}

/** Every metadata of an object: its own, its pods', its claims'. */
export const metadataOf = (manifest: Manifest, pods: readonly PlacedPod[]): readonly PlacedMetadata[] => {
  const cronJob = viewAs(manifest, 'CronJob');
  const claims = viewAs(manifest, 'StatefulSet')?.spec?.volumeClaimTemplates ?? [];
  return [
    { metadata: manifest.metadata, field: '/metadata', of: 'object' },
    ...(cronJob ? [template(cronJob.spec?.jobTemplate?.metadata, '/spec/jobTemplate/metadata')] : []),
    ...claims.map((claim, index) => template(claim.metadata, `/spec/volumeClaimTemplates/${index}/metadata`)),
    ...pods.flatMap(({ metadata, field, spec }): readonly PlacedMetadata[] => [
      // a Pod's own metadata is the object's
      ...(field === '' ? [] : [{ metadata, field: `${field}/metadata`, of: 'pod' as const }]),
      ...(spec.volumes ?? []).flatMap(({ ephemeral }, index) =>
        ephemeral
          ? [
              template(
                ephemeral.volumeClaimTemplate?.metadata,
                `${field}/spec/volumes/${index}/ephemeral/volumeClaimTemplate/metadata`,
              ),
            ]
          : [],
      ),
    ]),
  ];
};

const template = (metadata: MetadataView | null | undefined, field: string): PlacedMetadata => ({
  metadata: metadata ?? {},
  field,
  of: 'template',
});

/** A label or annotation and where it stands. */
export interface PlacedEntry {
  readonly key: string;
  readonly value: string;
  readonly field: string;
  readonly in: 'labels' | 'annotations';
  readonly of: PlacedMetadata['of'];
}

/** Every label and annotation of an object and its templates. */
export const entriesOf = (all: readonly PlacedMetadata[]): readonly PlacedEntry[] =>
  all.flatMap(({ metadata, field, of }) =>
    (['labels', 'annotations'] as const).flatMap((list) =>
      Object.entries(metadata[list] ?? {}).map(([key, value]) => ({
        key,
        value: value ?? '',
        field: below(`${field}/${list}`, key),
        in: list,
        of,
      })),
    ),
  );
