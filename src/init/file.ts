import { withoutCopy } from './workflows.js';

/**
 * `whole`: Bivouac's own, written anew whenever it would differ; `lines`: its lines have to be in the file, whatever else is; `once`:
 * written where it is missing, and people's from then on.
 */
export type Ownership = 'whole' | 'lines' | 'once';

/** A file that `init` wants. */
export interface InitFile {
  /** Below the folder, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly ownership: Ownership;
  /** Kubernetes objects that an administrator applies: what is printed where no folder is given. @default false */
  readonly applied?: boolean;
}

/** In the first lines of each file that Bivouac owns: without it the file is somebody else's, and stays. */
export const ownMark = 'bivouac init';

/** `kept`: somebody else's file, or people's by now; left alone. */
export type FileChangeKind = 'created' | 'updated' | 'unchanged' | 'kept';

export interface FileChange {
  readonly path: string;
  readonly kind: FileChangeKind;
  /** What is there now. */
  readonly before?: string;
  /** What is there afterwards; of `kept`, what Bivouac would have written. */
  readonly after: string;
}

/** What has to be done so that the files are as wanted. `existing`: the texts of those of them that are there, by path. */
export const changesOf = (files: readonly InitFile[], existing: ReadonlyMap<string, string>): readonly FileChange[] =>
  files.map((file) => changeOf(file, existing.get(file.path)));

const changeOf = ({ path, text, ownership }: InitFile, before: string | undefined): FileChange => {
  if (before === undefined) return { path, kind: 'created', after: text };
  const after = ownership === 'lines' ? withLines(before, text) : text;
  const isSame = ownership === 'once' ? withoutCopy(after) === withoutCopy(before) : after === before;
  if (isSame) return { path, kind: 'unchanged', before, after };
  const mine = ownership === 'lines' || (ownership === 'whole' && isOurs(before));
  return { path, kind: mine ? 'updated' : 'kept', before, after };
};

/** Whether Bivouac wrote it. */
export const isOurs = (text: string): boolean => text.split('\n', 3).some((line) => line.includes(ownMark));

/** Appends what is missing; order and everything else stay. */
const withLines = (before: string, wanted: string): string => {
  const there = new Set(before.split(/\r?\n/).map((line) => line.trim()));
  const missing = wanted.split('\n').filter((line) => line !== '' && !there.has(line));
  if (missing.length === 0) return before;
  return `${before === '' || before.endsWith('\n') ? before : `${before}\n`}${missing.join('\n')}\n`;
};
