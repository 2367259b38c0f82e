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
  const { apiVersion, kind, metadata, ...rest } = tidyMap(manifest, manifest, 0);
  return { apiVersion, kind, metadata, ...rest } as unknown as Manifest;
};

const tidyMap = (map: Readonly<Record<string, unknown>>, of: Manifest, depth: number): Record<string, Json> => {
  const copy: Record<string, Json> = {};
  for (const key of Object.keys(map).sort()) {
    const value = map[key];
    if (value === null || value === undefined || isNoise(key, value)) continue;
    if (key === '__proto__') throw invalid(of, 'has a key "__proto__"');
    copy[key] = tidyValue(value, of, depth + 1);
  }
  return copy;
};

const tidyValue = (value: unknown, of: Manifest, depth: number): Json => {
  if (depth > deepest) throw invalid(of, `is nested deeper than ${deepest}`);
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value === 0 ? 0 : value; // JSON has no -0
  if (Array.isArray(value)) return value.map((item: unknown) => tidyValue(item ?? null, of, depth + 1));
  if (isMap(value)) return tidyMap(value, of, depth);
  throw invalid(of, typeof value === 'number' ? `holds ${value}, which is no number` : `holds a ${typeof value}`);
};

const isNoise = (key: string, value: unknown): boolean =>
  noise.has(key) && typeof value !== 'string' && JSON.stringify(value) === noise.get(key);

const invalid = ({ kind, metadata }: Manifest, problem: string): Error => {
  const where = `${kind}/${metadata.name}`;
  return userError('InvalidManifest', `${where} ${problem}`, {
    where,
    remedy: 'Charts give plain data that JSON can hold.',
  });
};
