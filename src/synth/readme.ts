import type { Config } from '../config/config.js';
import type { EnvironmentRecord } from '../model/environment.js';
import type { HostSource } from '../model/hosts.js';
import type { Component } from '../model/manifest.js';
import { shortSha } from '../model/pull-request.js';
import { addressesOf } from './exposure.js';
import { printBytes, printCores } from '../model/quantity.js';
import { totalsOf } from './totals.js';
import { listAt, podTemplateOf, textAt } from './views.js';
import { reasonsFor } from './why.js';

export interface ReadmeInput {
  readonly record: EnvironmentRecord;
  readonly components: readonly Component[];
  readonly spec: HostSource;
  readonly forge: Config['forge'];
}

/** The page that a reviewer sees on opening the directory. Nothing in it changes without a commit: no title, branch or author. */
export const readmeOf = (input: ReadmeInput): string =>
  [
    `# ${input.record.application}/${input.record.environment}`,
    introduction(input),
    addresses(input),
    facts(input),
    componentTable(input),
    images(input),
    resources(input),
    closing,
  ]
    .filter((section) => section !== '')
    .join('\n\n')
    .concat('\n');

export interface TeardownReadmeInput extends Pick<ReadmeInput, 'record' | 'forge'> {
  /** `Job/bucket-teardown-0123456789` */
  readonly tasks: readonly string[];
}

/** The same page while the environment is on its way out. */
export const teardownReadmeOf = (input: TeardownReadmeInput): string => {
  const { record, tasks } = input;
  return [
    `# ${record.application}/${record.environment}`,
    introduction(input),
    table(
      ['Before it goes', 'Until'],
      tasks.map((task) => [`\`${task}\``, `${record.expiresAt.slice(0, 19).replace('T', ' ')} UTC at the latest`]),
    ),
    closing,
  ]
    .join('\n\n')
    .concat('\n');
};

const closing = `Written by Bivouac: a change made here by hand is gone with the next update.
[environment.json](environment.json) holds these facts for programs.`;

const states = {
  asleep: 'It is asleep: nothing runs.',
  teardown: 'It is being removed: nothing runs but its teardown tasks and what holds data.',
} as const;

const introduction = ({ record, forge }: Pick<ReadmeInput, 'record' | 'forge'>): string => {
  const commit = `[\`${shortSha(record.headSha)}\`](${forge.url}/${record.repository}/${forge.kind === 'gitlab' ? '-/' : ''}commit/${record.headSha})`;
  const what =
    record.pullRequest === ''
      ? `The ${record.preset} environment of ${record.application}, from ${record.repository} at commit ${commit}.`
      : `The ${record.preset} environment of ${pullRequestLink(record, forge)}, at commit ${commit}.`;
  return record.state === 'active' ? what : `${what}\n\n**${states[record.state]}**`;
};

const pullRequestLink = ({ repository, pullRequest }: EnvironmentRecord, { kind, url }: Config['forge']): string => {
  const path = { github: 'pull', gitlab: '-/merge_requests', gitea: 'pulls' }[kind];
  const mark = kind === 'gitlab' ? '!' : '#';
  return `[${repository}${mark}${pullRequest}](${url}/${repository}/${path}/${pullRequest})`;
};

const addresses = ({ components, spec }: ReadmeInput): string => {
  const found = addressesOf(components, spec);
  return found.length === 0
    ? 'No component is public: there is no address to open.'
    : table(
        ['Open', 'Address'],
        found.map(({ component, url }) => [component, `<${url}>`]),
      );
};

const facts = ({ record }: ReadmeInput): string =>
  table(
    ['Fact', 'Value'],
    [
      ['Namespace', `\`${record.name}\` in cluster \`${record.cluster}\``],
      ['Deployed', printMinute(record.deployedAt)],
      ['Expires', record.expiresAt === '' ? endless(record) : printMinute(record.expiresAt)],
      [
        'Frame',
        '[namespace](manifests/namespace.yaml), [quota, limits, network policies, account](manifests/frame.yaml)',
      ],
    ],
  );

const componentTable = ({ record, components }: ReadmeInput): string => {
  const reasons = reasonsFor(components, record.application);
  const rows = components.map((component) => [
    `[${component.name}](manifests/${component.name}.yaml)`,
    reasons.get(component.name) ?? '',
    countKinds(component),
    imagesOf(component)
      .map((image) => `\`${image}\``)
      .join('<br>'),
  ]);
  return `## Components\n\n${table(['Component', 'Why it is in', 'Objects', 'Runs'], rows)}`;
};

const countKinds = ({ manifests }: Component): string => {
  const counts = new Map<string, number>();
  for (const { kind } of manifests) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => (count === 1 ? kind : `${count} × ${kind}`)).join(', ');
};

const imagesOf = ({ manifests }: Component): readonly string[] => {
  const images = manifests
    .flatMap((manifest) => listAt(podTemplateOf(manifest), 'spec', 'containers'))
    .flatMap((container) => textAt(container, 'image') ?? []);
  return [...new Set(images)].sort();
};

const images = ({ record }: ReadmeInput): string => {
  const rows = Object.entries(record.images)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, reference]) => [name, `\`${reference}\``]);
  return rows.length === 0 ? '' : `## Images\n\n${table(['Image', 'Reference'], rows)}`;
};

const resources = ({ components }: ReadmeInput): string => {
  const { pods, requests, limits, storage } = totalsOf(components);
  return `## Resources asked for

${table(
  ['', 'CPU', 'Memory', 'Storage'],
  [
    ['Requested', printCores(requests.cpu), printBytes(requests.memory), printBytes(storage)],
    ['At most', printCores(limits.cpu), printBytes(limits.memory), ''],
  ],
)}

By ${pods} ${pods === 1 ? 'pod' : 'pods'} that keep running; Jobs come on top while they run.`;
};

/** `2026-11-30 10:04 UTC` */
const printMinute = (time: string): string => `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows.map((row) => row.map(escapeCell))]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');

/** An image's tag or a name can't end a cell. */
const escapeCell = (text: string): string => text.replace(/\|/g, '\\|').replace(/\s+/g, ' ');

const endless = ({ pullRequest }: EnvironmentRecord): string =>
  pullRequest === '' ? 'when it is asked to go' : 'when the pull request closes';
