import type { Manifest } from '../model/manifest.js';
import { isMap } from './views.js';

/** What an object is while its environment sleeps: no pods, no schedule; data and addresses stay. */
export const asleep = (manifest: Manifest): Manifest => {
  const { spec } = manifest;
  if (!isMap(spec)) return manifest;
  switch (manifest.kind) {
    case 'Deployment':
    case 'StatefulSet':
      return { ...manifest, spec: { ...spec, replicas: 0 } };
    case 'CronJob':
      return { ...manifest, spec: { ...spec, suspend: true } };
    default:
      return manifest;
  }
};
