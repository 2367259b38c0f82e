import type { Cause, Receipt, ReceiptPart } from '../model/deployment.js';
import type { Deployment, DeploymentState } from '../model/outcome.js';
import { code, count, folded, plain, printMinute, printSecond, table } from './markdown.js';

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
          remedyText(remedy),
        ]),
        budget,
      });

/** A command goes into one piece, so that it can be copied. */
const remedyText = (remedy: string): string => {
  const [, words = remedy, command] = /^(.*?: )(kubectl .*)$/s.exec(remedy) ?? [];
  return command === undefined ? plain(remedy, 300) : `${plain(words, 300)} ${code(command, 300)}`;
};

/** What there was, when each part went, what is left and why. */
export const receiptSection = ({ parts, objects, removedAt, causes }: Receipt): string =>
  [
    table({
      head: ['what', 'state'],
      rows: [
        ['folder in Git', `gone ${plain(printSecond(removedAt))}`],
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

/** `gone 2026-11-23 10:04:12 UTC`, `still there`, `not looked at: …` */
export const printPresence = ({ presence, goneAt, why }: ReceiptPart): string => {
  if (presence === 'there') return 'still there';
  if (presence === 'gone') return goneAt === undefined ? 'gone' : `gone ${printSecond(goneAt)}`;
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

/** What a comment knows of the cluster: what was seen, or until when somebody looks. */
export interface Sight {
  readonly deployment?: Deployment | undefined;
  /** RFC 3339; absent: nobody looks. */
  readonly watchedUntil?: string | undefined;
  /** Whether Git has it sleep. */
  readonly isAsleep: boolean;
}

/** The word for a heading: what may be claimed of the environment. */
export const headingWord = ({ deployment, watchedUntil, isAsleep }: Sight): string => {
  if (deployment === undefined && watchedUntil !== undefined) return isAsleep ? 'going to sleep' : 'deploying';
  const word = headingWords[deployment?.state ?? 'not-observed'];
  if (!isAsleep) return word;
  return deployment?.state === 'failed' || deployment?.state === 'late' ? `${word}, asleep` : 'asleep';
};

/** What was seen of the commit that the heading names. */
export const observedSection = (sight: Sight): string =>
  [sight.isAsleep ? asleepWords : '', seenSection(sight)].filter((part) => part !== '').join('\n\n');

const asleepWords = 'Git has it sleep: no pods, and its volumes are kept. `/bivouac wake` or a push wakes it.';

const seenSection = ({ deployment, watchedUntil, isAsleep }: Sight): string => {
  if (deployment?.state === 'failed' || deployment?.state === 'late')
    return [`The manifests are in Git. ${troubleWords(deployment)}`, causesSection(deployment.causes)]
      .filter((part) => part !== '')
      .join('\n\n');
  if (deployment === undefined && watchedUntil !== undefined)
    return `The manifests are in Git, and the cluster is watched until ${printMinute(watchedUntil)}: what comes of it is told here.`;
  if (isAsleep) return '';
  return deployment?.state === 'ready'
    ? 'The cluster runs this commit.'
    : 'The manifests are in Git. Whether the cluster runs them yet was not observed.';
};

/** The table below has the causes of a failure, word for word. */
const troubleWords = ({ state, message, causes }: Deployment): string =>
  state === 'failed' && causes.length > 0 ? 'It won’t become ready by itself:' : sentence(message);

/** Of a removal: what may be claimed of it. */
export const removalWords = ({
  deployment,
  receipt,
  watchedUntil,
}: Omit<Sight, 'isAsleep'> & { readonly receipt?: Receipt | undefined }): string => {
  const gone = 'Its directory is gone from Git';
  if (deployment === undefined && watchedUntil !== undefined)
    return `${gone}, and the cluster is watched until ${printMinute(watchedUntil)}: once nothing is left, the receipt is here.`;
  if (receipt === undefined || deployment?.state === 'not-observed')
    return `${gone}; what the cluster still runs was not observed.`;
  return receipt.complete
    ? `${gone}, and from the cluster all that could be looked at.`
    : `${gone}, but not all of it from the cluster.`;
};

const sentence = (text: string): string => plain(`${text.slice(0, 1).toUpperCase()}${text.slice(1)}`, 600);
