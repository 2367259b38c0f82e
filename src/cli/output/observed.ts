import { printSecond } from '../../feedback/markdown.js';
import { printPresence } from '../../feedback/observed.js';
import type { Cause, Receipt } from '../../model/deployment.js';
import type { Deployment, DeploymentState } from '../../model/outcome.js';
import { oneLine } from '../redact.js';

/** `-o json` of what was seen: every key always there. */
export const deploymentData = ({ state, message, causes, steps }: Deployment) => ({
  state,
  message,
  causes: causes.map(causeData),
  steps,
});

export const causeData = ({ kind, component = '', object, message, remedy }: Cause) => ({
  kind,
  component,
  object,
  message,
  remedy,
});

/** `-o json` of a receipt: every key always there. */
export const receiptData = ({ name, objects, removedAt, parts, causes, complete }: Receipt) => ({
  name,
  objects,
  removedAt,
  parts: parts.map(({ kind, name: part, presence, goneAt = '', why = '' }) => ({
    kind,
    name: part,
    presence,
    goneAt,
    why,
  })),
  causes: causes.map(causeData),
  complete,
});

/** What was waited for and seen. */
export interface Observed {
  readonly deployment: Deployment;
  readonly receipt?: Receipt;
}

export const observationData = ({ deployment, receipt }: Partial<Observed>) => ({
  ...(deployment !== undefined && { deployment: deploymentData(deployment) }),
  ...(receipt !== undefined && { receipt: receiptData(receipt) }),
});

const words: Readonly<Record<DeploymentState, string>> = {
  ready: 'ready: ',
  removed: 'removed: ',
  failed: 'failed: ',
  late: '',
  superseded: 'superseded: ',
  'not-observed': '',
};

/** For people, indented as what stands around it. */
export const observationLines = ({ deployment, receipt }: Partial<Observed>): readonly string[] => {
  if (deployment === undefined) return [];
  return [
    line('cluster', `${words[deployment.state]}${deployment.message}`),
    ...(receipt === undefined ? [] : receiptLines(receipt)),
    ...causeLines(deployment.causes),
  ];
};

export const causeLines = (causes: readonly Cause[]): readonly string[] =>
  causes.flatMap(({ kind, component, object, message, remedy }) => [
    `  ✗ ${kind}: ${oneLine(object)}${component === undefined ? '' : ` (${component})`}`,
    `    ${oneLine(message)}`,
    `    ${oneLine(remedy)}`,
  ]);

const receiptLines = ({ parts, removedAt, objects }: Receipt): readonly string[] => [
  line(
    'receipt',
    `${objects.length === 0 ? '' : `${objects.length} objects; `}gone from Git ${printSecond(removedAt)}`,
  ),
  ...parts.map((part) => line('', `${part.kind} ${part.name}: ${printPresence(part)}`)),
];

const line = (label: string, text: string): string => `  ${label.padEnd(11)} ${oneLine(text)}`;
