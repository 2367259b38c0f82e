import type { FileTree } from '../model/manifest.js';
import { type EnvironmentId, joinedName } from '../model/names.js';

/** What the cluster gets: record and README differ between any two commits and any two environments. */
export const manifestsOf = (files: FileTree): FileTree =>
  new Map([...files].filter(([path]) => path.startsWith('manifests/')));

/** The other environment under this one's name, so that only what differs shows. */
export const called = (
  files: FileTree,
  { from, to }: { readonly from: EnvironmentId; readonly to: EnvironmentId },
): FileTree =>
  new Map(
    [...files].map(([path, text]) => [
      path,
      text.replace(wholeWord(joinedName(from)), joinedName(to)).replace(wholeWord(from.environment), to.environment),
    ]),
  );

/** `pr-7` is no part of `pr-77`. */
const wholeWord = (name: string): RegExp => new RegExp(`(?<![a-z0-9])${name}(?![a-z0-9])`, 'g');

/** The hash in a Job's name covers the namespace, so it differs between any two environments. */
export const withoutHashes = (files: FileTree): FileTree =>
  new Map(
    [...files].map(([path, text]) => [
      path,
      text
        .split('---\n')
        .map((document) =>
          /^kind: Job$/m.test(document) ? document.replace(/^( {2}name: .+)-[0-9a-f]{10}$/m, '$1') : document,
        )
        .join('---\n'),
    ]),
  );
