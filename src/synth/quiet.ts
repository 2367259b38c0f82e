import type { Manifest } from '../model/manifest.js';
import { isMap } from './views.js';

/** Annotations and labels that repeat what something else says: a content's hash, a version. */
const repeated = /checksum|hash|^(?:app\.kubernetes\.io\/version|helm\.sh\/chart)$/i;

/** The name of an object without the hash that `nameJob` puts after a Job's. */
export const quietName = ({ apiVersion, kind, metadata }: Manifest): string =>
  kind === 'Job' && apiVersion.startsWith('batch/') ? metadata.name.replace(/-[0-9a-f]{10}$/, '') : metadata.name;

/**
 * A copy without what differs between any two commits: the hash in a Job's name, checksums and versions in annotations and labels, and
 * the commit itself wherever it stands but in an image.
 */
export const quiet = (manifest: Manifest, headSha: string | undefined): Manifest => {
  const commit = headSha === undefined ? undefined : commitIn(headSha);
  const copy = quietValue(manifest, '', commit) as Manifest;
  return { ...copy, metadata: { ...copy.metadata, name: quietName(copy) } };
};

/** As a whole word: in full, or cut to the usual lengths of a short one. */
const commitIn = (headSha: string): RegExp => {
  const short = [12, 10, 8, 7].map((length) => headSha.slice(0, length));
  return new RegExp(`(?<![0-9a-zA-Z])(?:${[headSha, ...short].join('|')})(?![0-9a-zA-Z])`, 'g');
};

const quietValue = (value: unknown, key: string, commit: RegExp | undefined): unknown => {
  if (typeof value === 'string')
    return key === 'image' || commit === undefined ? value : value.replace(commit, '{headSha}');
  if (Array.isArray(value)) return value.map((each: unknown) => quietValue(each, '', commit));
  if (!isMap(value)) return value;
  const isRepeating = key === 'annotations' || key === 'labels';
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !isRepeating || !repeated.test(name))
      .map(([name, each]) => [name, quietValue(each, name, commit)]),
  );
};
