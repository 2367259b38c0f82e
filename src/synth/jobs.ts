import { createHash } from 'node:crypto';
import type { Manifest } from '../model/manifest.js';

/**
 * Adds `-` and 10 hexadecimal digits of the SHA-256 of the object without its name to a Job's name. A Job is immutable: with a fixed
 * name a changed one could never be applied, and an unchanged one must not run again. Expects a tidied object.
 */
export const nameJob = (manifest: Manifest): Manifest => {
  if (manifest.kind !== 'Job' || !manifest.apiVersion.startsWith('batch/')) return manifest;
  const { name, ...metadata } = manifest.metadata;
  const hash = createHash('sha256')
    .update(JSON.stringify({ ...manifest, metadata }))
    .digest('hex');
  return { ...manifest, metadata: { ...manifest.metadata, name: `${name}-${hash.slice(0, 10)}` } };
};
