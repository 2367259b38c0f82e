import { textDiff } from '../../feedback/text-diff.js';
import type { FileChange, FileChangeKind } from '../../init/file.js';
import type { Presentation } from '../output/presentation.js';

export interface Started {
  readonly changes: readonly FileChange[];
  readonly dryRun: boolean;
  /** What is worth knowing beside the list. */
  readonly remarks: readonly string[];
  /** What to do next, in order; shown while there is something new. */
  readonly next: readonly string[];
}

/** What `init` did to each file, and what changed in those that were there. */
export function presentStarted({ changes, dryRun, remarks, next }: Started): Presentation {
  const changed = changes.filter(({ kind }) => kind === 'created' || kind === 'updated');
  const diff = diffOf(changes.filter(({ kind }) => kind === 'updated'));
  const nothing = changed.length === 0 ? ['Nothing to change.'] : [];
  const after = [...remarks, ...nothing, ...(changed.length > 0 && !dryRun ? numbered(next) : [])];
  const rows = changes.map(({ kind, path }) => `${words(dryRun)[kind].padEnd(dryRun ? 14 : 10)} ${path}${why(kind)}`);
  return {
    data: {
      schemaVersion: '1',
      dryRun,
      files: changes.map(({ path, kind }) => ({ path, change: kind })),
      diff,
      remarks,
    },
    text: [...rows, ...(diff === '' ? [] : ['', diff.trimEnd()]), ...(after.length === 0 ? [] : ['', ...after])].join(
      '\n',
    ),
    markdown: [
      '| file | |',
      '|---|---|',
      ...changes.map(({ path, kind }) => `| \`${path}\` | ${words(dryRun)[kind]}${why(kind)} |`),
      ...(diff === '' ? [] : ['', `\`\`\`diff\n${diff}\`\`\``]),
      ...(after.length === 0 ? [] : ['', ...after.map((line) => `- ${line}`)]),
    ].join('\n'),
    variables: { changed: String(changed.length) },
    exitCode: 0,
  };
}

const words = (dryRun: boolean): Readonly<Record<FileChangeKind, string>> => ({
  created: dryRun ? 'would create' : 'created',
  updated: dryRun ? 'would update' : 'updated',
  unchanged: 'unchanged',
  kept: 'kept',
});

const why = (kind: FileChangeKind): string => (kind === 'kept' ? '  (was there and differs: left as it is)' : '');

const numbered = (next: readonly string[]): readonly string[] =>
  next.length === 0 ? [] : ['Next:', ...next.map((step, index) => `  ${index + 1}. ${step}`)];

const diffOf = (changes: readonly FileChange[]): string =>
  textDiff(
    new Map(changes.map(({ path, before = '' }) => [path, before])),
    new Map(changes.map(({ path, after }) => [path, after])),
  );
