import type { FileTree } from '../model/manifest.js';

/** What the cluster gets: record and README differ between any two commits and any two environments. */
export const manifestsOf = (files: FileTree): FileTree =>
  new Map([...files].filter(([path]) => path.startsWith('manifests/')));
