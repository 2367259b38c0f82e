import type { Manifest } from '../model/manifest.js';
import { fieldOf } from './fields.js';
import { pointer } from './pointer.js';
import { type ContainerView, isKind, type KnownKind, type MetadataView, type PodView } from './view.js';

/** A container and where it stands in its object. */
export interface PlacedContainer {
  readonly container: ContainerView;
  readonly field: string;
  readonly list: 'containers' | 'initContainers' | 'ephemeralContainers';
}

/** A pod template and where it stands in its object. */
export interface PlacedPod {
  /** JSON pointer of the template, e.g. `/spec/template`. */
  readonly field: string;
  readonly metadata: MetadataView;
  readonly spec: PodView;
  readonly containers: readonly PlacedContainer[];
}

const known: Readonly<Partial<Record<KnownKind, readonly string[]>>> = {
  Deployment: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
  Job: ['spec', 'template'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
};

// A kind that the platform added may run pods, too: a DaemonSet, a Rollout, a Pod.
const guesses: readonly (readonly string[])[] = [['spec', 'template'], ['spec', 'jobTemplate', 'spec', 'template'], []];

/** Where an object keeps its pod templates. */
export const templatePaths = (manifest: Manifest): readonly (readonly string[])[] => {
  const kind = (Object.keys(known) as KnownKind[]).find((each) => isKind(manifest, each));
  const path = kind && known[kind];
  if (path) return [path];
  return guesses.filter((guess) => Array.isArray(fieldOf(manifest, ...guess, 'spec', 'containers')));
};

/** Every pod template of an object whose shape is checked. */
export const podsOf = (manifest: Manifest): readonly PlacedPod[] =>
  templatePaths(manifest).map((path) => {
    const template = fieldOf(manifest, ...path) as { metadata?: MetadataView | null; spec: PodView };
    const field = pointer(...path);
    return {
      field,
      metadata: template.metadata ?? {},
      spec: template.spec,
      containers: containersOf(template.spec, field),
    };
  });

const lists = ['containers', 'initContainers', 'ephemeralContainers'] as const;

const containersOf = (pod: PodView, field: string): readonly PlacedContainer[] =>
  lists.flatMap((list) =>
    (pod[list] ?? []).map((container, index) => ({ container, list, field: `${field}/spec/${list}/${index}` })),
  );
