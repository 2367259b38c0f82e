import { userError } from '../model/errors.js';
import type { Json, Manifest } from '../model/manifest.js';
import { isMap } from './views.js';

/** Kubernetes objects are shallow; what is deeper came from somewhere else. */
const deepest = 64;

/** Empty values that cdk8s-plus writes although they say nothing. */
const noise: ReadonlyMap<string, string> = new Map([
  ['externalIPs', '[]'],
  ['resourceNames', '[]'],
  ['immutable', 'false'],
  ['minReadySeconds', '0'],
]);

/**
 * A copy as cdk8s writes objects: `apiVersion`, `kind`, `metadata` first, all other keys sorted, nothing that is null, and without
 * the empty values that cdk8s-plus adds. Raw objects and JSON patches come in any order.
 * @throws UserError InvalidManifest for what JSON can't hold
 */
export const tidy = (manifest: Manifest): Manifest => {
  const where = `${manifest.kind}/${manifest.metadata.name}`;
  const { apiVersion, kind, metadata, ...rest } = tidyMap(manifest, { where, depth: 0 });
  return { apiVersion, kind, metadata, ...rest } as unknown as Manifest;
};

interface Place {
  readonly where: string;
  readonly depth: number;
}

const tidyMap = (map: Readonly<Record<string, unknown>>, place: Place): Record<string, Json> => {
  const copy: Record<string, Json> = {};
  for (const key of Object.keys(map).sort()) {
    const value = map[key];
    if (value === null || value === undefined || isNoise(key, value)) continue;
    if (key === '__proto__') throw invalid(place, 'has a key "__proto__"');
    copy[key] = tidyValue(value, { ...place, depth: place.depth + 1 });
  }
  return copy;
};

const tidyValue = (value: unknown, place: Place): Json => {
  if (place.depth > deepest) throw invalid(place, `is nested deeper than ${deepest}`);
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value === 0 ? 0 : value; // JSON has no -0
  if (Array.isArray(value))
    return value.map((item: unknown) => tidyValue(item ?? null, { ...place, depth: place.depth + 1 }));
  if (isMap(value)) return tidyMap(value, place);
  throw invalid(place, `holds a ${typeof value}`);
};

const isNoise = (key: string, value: unknown): boolean =>
  noise.has(key) && typeof value !== 'string' && JSON.stringify(value) === noise.get(key);

const invalid = ({ where }: Place, problem: string): Error =>
  userError('InvalidManifest', `${where} ${problem}`, { where, remedy: 'Charts give plain data that JSON can hold.' });
