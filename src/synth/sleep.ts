import type { Manifest } from '../model/manifest.js';
import { isMap, textsAt } from './views.js';

/** By what an object is put to rest: no pods, no schedule; data and addresses stay. */
interface Switch {
  readonly field: string;
  readonly off: number | boolean;
  /** What it is awake, unless its annotation says otherwise. */
  readonly usual: number | boolean;
  /** Annotation of a sleeping object: what the field was, as JSON; empty: it wasn't there. */
  readonly memory: string;
}

const scaled: Switch = { field: 'replicas', off: 0, usual: 1, memory: 'bivouac.dev/replicas' };
const switches = new Map<string, Switch>([
  ['Deployment', scaled],
  ['StatefulSet', scaled],
  ['CronJob', { field: 'suspend', off: true, usual: true, memory: 'bivouac.dev/suspend' }],
]);

/** An object on its way out: nothing remembers what it was. */
export const resting = (manifest: Manifest): Manifest => {
  const { spec } = manifest;
  const by = switches.get(manifest.kind);
  return by === undefined || !isMap(spec) ? manifest : { ...manifest, spec: sorted({ ...spec, [by.field]: by.off }) };
};

/** An object of a sleeping environment, with what `awake` needs where that isn't plain. The same object where nothing changes. */
export const asleep = (manifest: Manifest): Manifest => {
  const { spec } = manifest;
  const by = switches.get(manifest.kind);
  if (by === undefined || !isMap(spec)) return manifest;
  const before = spec[by.field];
  if (before === by.off && before === by.usual) return manifest;
  const memory = before === by.usual ? undefined : before === undefined ? '' : JSON.stringify(before);
  return annotated(resting(manifest), by.memory, memory);
};

/** The object as it was before it slept. */
export const awake = (manifest: Manifest): Manifest => {
  const { spec } = manifest;
  const by = switches.get(manifest.kind);
  if (by === undefined || !isMap(spec)) return manifest;
  const memory = textsAt(manifest, 'metadata', 'annotations')[by.memory];
  if (memory === undefined && by.usual === by.off) return manifest;
  const rest = Object.fromEntries(Object.entries(spec).filter(([key]) => key !== by.field));
  const was = memory === '' ? rest : { ...rest, [by.field]: remembered(memory) ?? by.usual };
  return annotated({ ...manifest, spec: sorted(was) }, by.memory, undefined);
};

const remembered = (memory: string | undefined): unknown => {
  try {
    return memory === undefined ? undefined : (JSON.parse(memory) as unknown);
  } catch {
    return undefined; // somebody wrote there
  }
};

/** With the annotation, or without it; in the order that `tidy` gives. */
const annotated = (manifest: Manifest, key: string, value: string | undefined): Manifest => {
  const { annotations = {}, ...metadata } = manifest.metadata;
  const { [key]: before, ...others } = annotations;
  if (before === value) return manifest;
  const all = value === undefined ? others : { ...others, [key]: value };
  const isEmpty = Object.keys(all).length === 0;
  return { ...manifest, metadata: sorted({ ...metadata, ...(!isEmpty && { annotations: sorted(all) }) }) };
};

const sorted = <Shape extends object>(map: Shape): Shape =>
  Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1))) as Shape;
