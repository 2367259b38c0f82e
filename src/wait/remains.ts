import type { ReceiptPart, RemainingPart } from '../model/deployment.js';

/** When and of what a reading is. */
export interface Reading {
  /** Joined name of the environment; a volume part that bears it stands for all volumes. */
  readonly name: string;
  /** RFC 3339. */
  readonly at: string;
}

/**
 * The parts after one reading more, each with the time at which it was first seen gone. Volumes have names of their own only while they
 * are there: one that was seen is kept, and has gone once it isn't listed any more, though never because nobody could look.
 */
export const settled = (
  before: readonly ReceiptPart[],
  parts: readonly RemainingPart[],
  { name, at }: Reading,
): readonly ReceiptPart[] => {
  const dated = (part: RemainingPart): ReceiptPart =>
    part.presence === 'gone' ? gone(part, before.find((each) => isSame(each, part))?.goneAt ?? at) : part;
  const listed = parts.filter((part) => !isVolume(part)).map(dated);
  const volumes = parts.filter(isVolume);
  const isStandIn = (part: RemainingPart): boolean => part.name === name;
  const named = volumes.filter((part) => !isStandIn(part)).map(dated);
  const known = before.filter((part) => isVolume(part) && !isStandIn(part));
  const lost = known.filter((part) => !named.some((each) => isSame(each, part)));
  const isBlind = volumes.length === 0 || volumes.some(({ presence }) => presence === 'unread');
  const all = [...named, ...lost.map((part) => (isBlind ? part : gone(part, part.goneAt ?? at)))];
  const standIn = volumes.filter((part) => isStandIn(part) && (all.length === 0 || part.presence === 'unread'));
  return [...listed, ...all.sort((a, b) => (a.name < b.name ? -1 : 1)), ...standIn.map(dated)];
};

const isVolume = ({ kind }: RemainingPart): boolean => kind === 'PersistentVolume';

const isSame = (a: RemainingPart, b: RemainingPart): boolean => a.kind === b.kind && a.name === b.name;

const gone = ({ kind, name }: RemainingPart, goneAt: string): ReceiptPart => ({ kind, name, presence: 'gone', goneAt });

/** Whether anything that can be looked at is left. */
export const isLeft = (parts: readonly ReceiptPart[]): boolean => parts.some(({ presence }) => presence === 'there');

/** `Namespace shop-pr-42` */
export const printPart = ({ kind, name }: RemainingPart): string => `${kind} ${name}`;

/** What is there, what has gone and what nobody may see, in one line. */
export const printParts = (parts: readonly ReceiptPart[]): string => {
  const of = (presence: ReceiptPart['presence'], words: string): readonly string[] => {
    const names = parts.filter((part) => part.presence === presence).map(printPart);
    return names.length === 0 ? [] : [`${words}: ${names.join(', ')}`];
  };
  return [...of('there', 'still there'), ...of('gone', 'gone'), ...of('unread', 'not looked at')].join('; ');
};
