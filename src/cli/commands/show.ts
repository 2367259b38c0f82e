import { directoryOf, printId } from '../../model/names.js';
import { whyOf } from '../../synth/why.js';
import { addressed, type PullRequestFlags } from '../arguments.js';
import type { Presentation } from '../output/presentation.js';
import type { Context, Run } from '../context.js';
import { environmentCommand } from '../environment-command.js';
import { type Live, logCommands, lookAt } from '../live.js';
import { causeData, causeLines } from '../output/observed.js';
import { oneLine } from '../redact.js';
import { readRecordOf } from '../stored.js';
import { configuration, gitopsOf } from '../wire.js';

export const showCommand = (run: Run) =>
  environmentCommand('show', 'what Git and the cluster hold of one environment, and why each component is in').action(
    (environment, options, command) => run(command, (context) => show(environment, options, context)),
  );

async function show(
  environment: string | undefined,
  options: PullRequestFlags,
  context: Context,
): Promise<Presentation> {
  const config = configuration(context, 'embedded');
  const { id } = addressed(environment, options, config);
  const repository = await gitopsOf(config, context);
  try {
    const { stored, record } = readRecordOf(id, await repository.read([id]));
    const { files } = stored;
    const why = whyOf(files);
    const logs = logCommands(id, files);
    const live = await lookAt(id, { config, git: repository }, context);
    const components = record.components.map((name) => ({
      name,
      why: why.get(name) ?? '',
      logs: logs.get(name) ?? [],
    }));
    const rows: readonly (readonly [string, string])[] = [
      ['state', record.state],
      ['url', record.url],
      ['commit', `${record.headSha} of ${record.repository}`],
      ['pull request', record.pullRequest === '' ? 'none' : `${record.repository}#${record.pullRequest}`],
      ['deployed', record.deployedAt],
      ['expires', record.expiresAt === '' ? 'never' : record.expiresAt],
      ...Object.entries(record.images).map(([name, reference]) => [`image ${name}`, reference] as const),
      ...components.map(({ name, why: reason }) => [`component ${name}`, reason] as const),
      ...liveRows(live),
      ...[...logs.values()].flat().map((command, index) => [index === 0 ? 'logs' : '', command] as const),
      ...[...files.keys()].map((file, index) => [index === 0 ? 'files' : '', `${directoryOf(id)}/${file}`] as const),
    ];
    const text = [
      ...rows.map(([label, value]) => `  ${label.padEnd(20)} ${value}`.trimEnd()),
      ...causeLines(live.status?.causes ?? []),
    ];
    return {
      data: {
        schemaVersion: '1',
        environment: { ...record, path: directoryOf(id), components, cluster: liveData(live) },
      },
      text: [printId(id), ...text].join('\n'),
      markdown: files.get('README.md') ?? text.join('\n'),
      variables: {
        environment: printId(id),
        name: record.name,
        url: record.url,
        path: directoryOf(id),
        head_sha: record.headSha,
      },
      exitCode: 0,
    };
  } finally {
    await repository.close();
  }
}

const liveRows = ({ page, status, trouble }: Live): readonly (readonly [string, string])[] => [
  [
    'cluster',
    oneLine(status === undefined ? `not observed${trouble === undefined ? '' : `: ${trouble}`}` : status.message),
  ],
  ...(page === undefined ? [] : [['Argo CD', page] as const]),
];

/** Every key always there. */
const liveData = ({ page = '', status, trouble = '' }: Live) => ({
  page,
  phase: status?.phase ?? 'not-observed',
  message: status?.message ?? trouble,
  causes: (status?.causes ?? []).map(causeData),
});
