import { structuredPatch } from 'diff';
import type { FileTree } from '../model/manifest.js';

/** Beyond so many changed lines in one file, the file is shown as removed and added: its cost grows with their square. */
const editLimit = 500;

/** A unified diff of two environments, file by file in the order of their paths; empty: they are the same. */
export const textDiff = (before: FileTree | undefined, after: FileTree | undefined): string => {
  const paths = new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])]);
  return [...paths]
    .sort()
    .map((path) => diffOf(path, before?.get(path), after?.get(path)))
    .join('');
};

const diffOf = (path: string, before: string | undefined, after: string | undefined): string => {
  if (before === after) return '';
  const head = [
    `--- ${before === undefined ? '/dev/null' : `a/${path}`}`,
    `+++ ${after === undefined ? '/dev/null' : `b/${path}`}`,
  ];
  return [...head, ...hunksOf(before ?? '', after ?? ''), ''].join('\n');
};

const hunksOf = (before: string, after: string): readonly string[] => {
  const options = { context: 3, maxEditLength: editLimit };
  const patch = structuredPatch('', '', before, after, '', '', options); // undefined: beyond maxEditLength
  if (patch === undefined) return replaced(before, after);
  return patch.hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`,
    ...lines,
  ]);
};

const replaced = (before: string, after: string): readonly string[] => {
  const [old, fresh] = [linesOf(before), linesOf(after)];
  return [
    `@@ -${range(1, old.length)} +${range(1, fresh.length)} @@`,
    ...old.map((line) => `-${line}`),
    ...fresh.map((line) => `+${line}`),
  ];
};

const linesOf = (text: string): readonly string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

/** Git's form: nothing begins at line 0. */
const range = (start: number, lines: number): string => (lines === 0 ? '0,0' : `${start},${lines}`);
