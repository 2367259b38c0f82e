import type { Difference, FieldChange } from '../model/difference.js';
import type { FileTree, Manifest } from '../model/manifest.js';
import { groupOf } from '../model/manifest.js';
import { fieldChanges, type Placed } from './difference-fields.js';
import { quiet, quietName } from './quiet.js';
import { readManifests } from './read-manifests.js';
import { parseRecord } from './record.js';

/** Two environments set side by side. */
export interface Compared {
  readonly difference: Difference;
  /** Their manifests, cut to the objects that differ, for a unified diff; a Secret isn't shown. */
  readonly before: FileTree;
  readonly after: FileTree;
}

/**
 * How two environments of one name differ. Pure, and symmetric: swapping the sides swaps what it says. What carries nothing but the
 * commit, a checksum or a hash is the same; an image's tag is not. Records, where the trees have them, say what the commits are.
 */
export const compare = (before: FileTree, after: FileTree): Compared => {
  const [old, now] = [objectsIn(before, after), objectsIn(after, before)];
  const keys = [...new Set([...old.keys(), ...now.keys()])];
  const differing = keys.filter((key) => old.get(key)?.content !== now.get(key)?.content);
  const named = (of: (key: string) => boolean): readonly string[] =>
    differing
      .filter(of)
      .map((key) => (now.get(key) ?? old.get(key))!.title)
      .sort();
  return {
    difference: {
      objects: {
        added: named((key) => !old.has(key)),
        changed: named((key) => old.has(key) && now.has(key)),
        removed: named((key) => !now.has(key)),
      },
      fields: differing.flatMap((key) => fieldChanges(old.get(key)?.placed, now.get(key)?.placed)).sort(inOrder),
    },
    before: treeOf(differing, old),
    after: treeOf(differing, now),
  };
};

interface ObjectText {
  /** `Deployment/api` */
  readonly title: string;
  readonly path: string;
  readonly text: string;
  /** Equal where the objects are, noise aside. */
  readonly content: string;
  /** Absent: it can't be read. */
  readonly placed?: Placed;
}

/** Objects by group, kind and name, without those that the other side has to the letter. */
const objectsIn = (files: FileTree, other: FileTree): ReadonlyMap<string, ObjectText> => {
  const headSha = headShaOf(files);
  const objects = new Map<string, ObjectText>();
  for (const [path, text] of files) {
    const component = /^manifests\/([^/]+)\.yaml$/.exec(path)?.[1];
    if (component === undefined) continue;
    const same = new Set(documentsOf(other.get(path)));
    for (const document of documentsOf(text)) {
      if (same.has(document)) continue;
      const [manifest] = readManifests(document);
      let key = manifest === undefined ? `${path} ${document}` : keyOf(manifest);
      while (objects.has(key)) key = `${key} again`;
      objects.set(
        key,
        manifest === undefined
          ? { title: path, path, text: document, content: document }
          : read(manifest, { path, text: document, component, headSha }),
      );
    }
  }
  return objects;
};

/** Text inside an object is always indented, so the mark at a line's start is between two. */
const documentsOf = (text = ''): readonly string[] => text.split(/^---\n/m).filter((document) => document !== '');

const keyOf = (manifest: Manifest): string => `${groupOf(manifest.apiVersion)} ${manifest.kind} ${quietName(manifest)}`;

interface Source {
  readonly path: string;
  readonly text: string;
  readonly component: string;
  readonly headSha: string | undefined;
}

const read = (manifest: Manifest, { path, text, component, headSha }: Source): ObjectText => {
  const own = quiet(manifest, headSha);
  const { name } = own.metadata;
  return {
    title: `${own.kind}/${name}`,
    path,
    text: own.kind === 'Secret' ? '' : text.replace(`  name: ${manifest.metadata.name}\n`, `  name: ${name}\n`),
    content: JSON.stringify(own),
    placed: { component, name, manifest: own, original: manifest },
  };
};

const headShaOf = (files: FileTree): string | undefined => {
  const stored = parseRecord(files.get('environment.json') ?? '');
  return stored.kind === 'record' ? stored.record.headSha : undefined;
};

const treeOf = (keys: readonly string[], objects: ReadonlyMap<string, ObjectText>): FileTree => {
  const files = new Map<string, string>();
  const wanted = new Set(keys);
  for (const [key, { path, text }] of objects) {
    if (!wanted.has(key) || text === '') continue;
    const before = files.get(path);
    files.set(path, before === undefined ? text : `${before}---\n${text}`);
  }
  return files;
};

const kinds: readonly FieldChange['kind'][] = ['image', 'variable', 'resource'];

const inOrder = (a: FieldChange, b: FieldChange): number =>
  kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || compareText(a.where, b.where) || compareText(a.name, b.name);

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
