import type { StoredRecord } from '../../model/environment.js';
import { Command } from '@commander-js/extra-typings';
import { directoryOf, printId } from '../../model/names.js';
import { recordsOf } from '../stored.js';
import type { Presentation } from '../output/presentation.js';
import type { Context, Run } from '../context.js';
import { applicationIn } from '../arguments.js';
import { configuration, gitopsOf } from '../wire.js';

export const listCommand = (run: Run) =>
  new Command('list')
    .description('list the environments that Git holds')
    .option('--application <name>', 'of this application only')
    .action((options, command) => run(command, (context) => list(options, context)));

async function list(options: { readonly application?: string }, context: Context): Promise<Presentation> {
  const config = configuration(context, 'embedded');
  if (options.application !== undefined) applicationIn(config, options.application);
  const repository = await gitopsOf(config, context);
  try {
    const all = await recordsOf(repository);
    const entries = all.filter(({ id }) => options.application === undefined || id.application === options.application);
    const environments = entries.map(({ id, read }) =>
      read.kind === 'record'
        ? { ...read.record, path: directoryOf(id) }
        : { application: id.application, environment: id.environment, path: directoryOf(id), problem: problemOf(read) },
    );
    const rows = entries.map(({ id, read }) => [printId(id), ...columnsOf(read)]);
    const header = ['environment', 'state', 'commit', 'expires', 'url'];
    return {
      data: { schemaVersion: '1', environments },
      text: rows.length === 0 ? 'no environments' : table([header, ...rows]),
      markdown: [header, header.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n'),
      variables: { count: String(entries.length) },
      exitCode: 0,
    };
  } finally {
    await repository.close();
  }
}

const columnsOf = (read: StoredRecord): readonly string[] => {
  if (read.kind !== 'record') return [problemOf(read), '', '', ''];
  const { state, headSha, expiresAt, url } = read.record;
  return [state, headSha.slice(0, 7), expiresAt === '' ? 'never' : expiresAt, url];
};

const problemOf = (read: Exclude<StoredRecord, { kind: 'record' }>): string =>
  read.kind === 'newer' ? `written by a newer Bivouac (schema ${read.schemaVersion})` : `unreadable: ${read.problem}`;

const table = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};
