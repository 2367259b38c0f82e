import { printDuration } from '../config/duration.js';
import type { Controller } from '../controllers/port.js';
import type { Cause, Receipt, ReceiptPart } from '../model/deployment.js';
import { printTime } from '../model/environment.js';
import { type EnvironmentId, joinedName } from '../model/names.js';
import type { Deployment, DeploymentState } from '../model/outcome.js';
import { ask, glance, type Held, pauseAfter, type WaitOptions } from './ask.js';
import { printCause } from './cause.js';
import { openJournal } from './journal.js';
import { isLeft, printParts, settled } from './remains.js';

/** What was removed from Git. */
export interface Removal {
  readonly id: EnvironmentId;
  /** `Deployment/api`: what Git held before, sorted. */
  readonly objects: readonly string[];
  readonly removedAt: Date;
}

export interface Removed {
  readonly deployment: Deployment;
  readonly receipt: Receipt;
}

/** Until then a namespace's conditions tell of nothing but its ordinary end; milliseconds. */
const ordinary = 120_000;

/**
 * Waits until all that can be looked at has gone, and Git still holds nothing. What nobody could look at is said, and never counts as
 * gone. @throws RefusedError, and whatever else isn't temporary
 */
export const untilRemoved = async (
  controller: Controller,
  { id, objects, removedAt }: Removal,
  { clock, timeoutMs, held, tell }: WaitOptions,
): Promise<Removed> => {
  const journal = openJournal(tell);
  const name = joinedName(id);
  const began = clock.now().getTime();
  let parts: readonly ReceiptPart[] = [];
  let causes: readonly Cause[] = [];
  let glanced = began;

  for (let readings = 1; ; readings += 1) {
    const answer = await ask(() => controller.remains(id));
    const now = clock.now();
    const since = now.getTime() - began;
    const left = timeoutMs - since;
    if ('value' in answer) {
      parts = settled(parts, answer.value.parts, { name, at: printTime(now) });
      causes = answer.value.causes;
      journal.shows(printParts(parts), now);
      if (since >= ordinary) causes.forEach((cause) => journal.notes(printCause(cause), now));
    } else journal.notes(`the cluster can’t be read for the moment: ${answer.trouble}`, now);

    const isBlind = 'value' in answer && answer.value.parts.every(({ presence }) => presence === 'unread');
    const fresh = isBlind ? undefined : 'trouble' in answer || isLeft(parts);
    let git: Held | undefined;
    if (fresh !== true || left <= 0 || now.getTime() - glanced >= glance) {
      const look = await ask(held);
      git = 'value' in look ? look.value : undefined;
      glanced = now.getTime();
    }
    const state = endOf(fresh, git, left);
    if (state !== undefined) {
      const trouble = 'trouble' in answer ? answer.trouble : undefined;
      const shown = state === 'late' ? causes : [];
      const message = messageOf(state, { parts, causes: shown, trouble, git, timeout: printDuration(timeoutMs) });
      const receipt = { name, objects, removedAt: printTime(removedAt), parts, causes: shown };
      return {
        deployment: { state, message, causes: shown, steps: journal.steps },
        receipt: { ...receipt, complete: state === 'removed' },
      };
    }
    await clock.wait(pauseAfter(readings, left));
  }
};

/** `left`: whether something is; undefined: nobody may look at anything. */
const endOf = (left: boolean | undefined, git: Held | undefined, time: number): DeploymentState | undefined => {
  if (git === 'same' || git === 'other') return 'superseded';
  if (left === undefined) return 'not-observed';
  if (!left && git === 'gone') return 'removed';
  return time <= 0 ? 'late' : undefined;
};

interface Said {
  readonly parts: readonly ReceiptPart[];
  readonly causes: readonly Cause[];
  readonly trouble: string | undefined;
  readonly git: Held | undefined;
  readonly timeout: string;
}

const messageOf = (state: DeploymentState, { parts, causes, trouble, git, timeout }: Said): string => {
  if (state === 'superseded') return 'it is in Git again: what was being removed comes back';
  if (state === 'not-observed') return `removed from Git; nobody could look at the cluster: ${whyUnread(parts)}`;
  if (state === 'removed') return printParts(parts);
  return [
    `not gone after ${timeout}`,
    ...(trouble === undefined ? [] : [`the cluster can’t be read: ${trouble}`]),
    ...(parts.length > 0 && !isLeft(parts) && git !== 'gone'
      ? ['Git could not be read to see that it still holds nothing']
      : []),
    printParts(parts),
    ...causes.map(printCause),
  ]
    .filter((part) => part !== '')
    .join('; ');
};

const whyUnread = (parts: readonly ReceiptPart[]): string =>
  [...new Set(parts.flatMap(({ why }) => (why === undefined ? [] : [why])))].join('; ');
