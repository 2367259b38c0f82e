import type { Cause, Receipt, ReceiptPart } from '../model/deployment.js';
import type { Deployment, DeploymentState, OutcomeFacts } from '../model/outcome.js';
import { code, count, folded, plain, table } from './markdown.js';

const budget = 15_000;
const listLimit = 50;

/** Component, object, its own words and what to do, of each cause; empty: none. */
export const causesSection = (causes: readonly Cause[]): string =>
  causes.length === 0
    ? ''
    : table({
        head: ['component', 'object', 'what is wrong', 'what to do'],
        rows: causes.map(({ component, object, message, remedy }) => [
          component === undefined ? '' : code(component, 60),
          code(object, 100),
          plain(message, 400),
          plain(remedy, 300),
        ]),
        budget,
      });

/** What there was, when each part went, what is left and why. */
export const receiptSection = ({ parts, objects, removedAt, causes }: Receipt): string =>
  [
    table({
      head: ['what', 'state'],
      rows: [
        ['folder in Git', `gone ${plain(removedAt)}`],
        ...parts.map((part) => [`${part.kind} ${code(part.name)}`, plain(printPresence(part), 300)]),
      ],
      budget,
    }),
    causesSection(causes),
    objectsSection(objects),
  ]
    .filter((section) => section !== '')
    .join('\n\n');

const objectsSection = (objects: readonly string[]): string => {
  if (objects.length === 0) return '';
  const more = objects.length - listLimit;
  const lines = objects.slice(0, listLimit).map((object) => `- ${code(object)}`);
  return folded(
    `What there was: ${count(objects.length, 'object')}`,
    [...lines, ...(more > 0 ? [`- … and ${more} more`] : [])].join('\n'),
  );
};

/** `gone 2026-11-23T10:04:12Z`, `still there`, `not looked at: …` */
export const printPresence = ({ presence, goneAt, why }: ReceiptPart): string => {
  if (presence === 'there') return 'still there';
  if (presence === 'gone') return `gone ${goneAt ?? ''}`.trimEnd();
  return `not looked at${why === undefined ? '' : `: ${why}`}`;
};

const headingWords: Readonly<Record<DeploymentState, string>> = {
  ready: 'ready',
  failed: 'failed',
  late: 'committed, not ready',
  superseded: 'committed',
  'not-observed': 'committed',
  removed: 'removed',
};

/** The word for a heading: what may be claimed of the environment. */
export const headingWord = (deployment: Deployment | undefined): string =>
  headingWords[deployment?.state ?? 'not-observed'];

/** What was seen of the commit that the heading names. */
export const observedSection = (deployment: Deployment | undefined): string => {
  if (deployment?.state === 'ready') return 'The cluster runs this commit.';
  if (deployment?.state === 'failed' || deployment?.state === 'late')
    return [`The manifests are in Git. ${sentence(deployment.message)}`, causesSection(deployment.causes)]
      .filter((part) => part !== '')
      .join('\n\n');
  return 'The manifests are in Git. Whether the cluster runs them yet was not observed.';
};

/** Of a removal: what may be claimed of it. */
export const removalWords = ({ deployment, receipt }: Pick<OutcomeFacts, 'deployment' | 'receipt'>): string => {
  const gone = 'Its directory is gone from Git';
  if (receipt === undefined || deployment?.state === 'not-observed')
    return `${gone}; what the cluster still runs was not observed.`;
  return receipt.complete
    ? `${gone}, and from the cluster all that could be looked at.`
    : `${gone}, but not all of it from the cluster.`;
};

const sentence = (text: string): string => plain(`${text.slice(0, 1).toUpperCase()}${text.slice(1)}`, 600);
