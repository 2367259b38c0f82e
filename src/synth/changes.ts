import type { FileTree } from '../model/manifest.js';
import type { Changes } from '../model/outcome.js';

/**
 * Objects added, changed and removed, as `Kind/name`, sorted. Works on the text: one document changed is one object changed, since
 * both sides were written by us. A Job whose hash moved is one removed and one added.
 */
export const changesOf = (before: FileTree | undefined, after: FileTree | undefined): Changes => {
  const [old, now] = [objectsIn(before), objectsIn(after)];
  return {
    added: [...now.keys()].filter((object) => !old.has(object)).sort(),
    changed: [...now]
      .filter(([object, text]) => old.has(object) && old.get(object) !== text)
      .map(([object]) => object)
      .sort(),
    removed: [...old.keys()].filter((object) => !now.has(object)).sort(),
  };
};

const objectsIn = (files: FileTree | undefined): ReadonlyMap<string, string> => {
  const objects = new Map<string, string>();
  for (const [path, text] of files ?? []) {
    if (!/^manifests\/[^/]+\.yaml$/.test(path)) continue;
    for (const document of text.split(/^---\n/m)) {
      const object = nameOf(document);
      // two objects of one name (different groups) count as one
      if (object !== undefined) objects.set(object, `${objects.get(object) ?? ''}${document}`);
    }
  }
  return objects;
};

/** Text inside an object is always indented, so the first column is the object's own. */
const nameOf = (document: string): string | undefined => {
  const kind = /^kind: (.+)$/m.exec(document)?.[1];
  const metadata = /^metadata:\n((?: {2}.*\n?|\n)+)/m.exec(document)?.[1];
  const name = metadata === undefined ? undefined : /^ {2}name: (.+)$/m.exec(metadata)?.[1];
  return kind === undefined || name === undefined ? undefined : `${unquote(kind)}/${unquote(name)}`;
};

const unquote = (scalar: string): string => scalar.replace(/^(["'])(.*)\1$/, '$2');
