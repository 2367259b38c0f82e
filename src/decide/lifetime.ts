import { isSameHead, type Question } from './question.js';

/** `bivouac:keep`, where the platform allows it. */
export const isKept = ({ labels, application }: Question): boolean => labels.keep && application.overrides.keep;

/** Whether the lifetime in the record is over. */
export const isOver = (question: Question): boolean => {
  const end = recordedEnd(question);
  return end !== undefined && !isKept(question) && end <= question.facts.now.getTime();
};

/** Moves with the head commit, and otherwise stays as recorded, so that a repeated run changes no byte. */
export const deployedAt = (question: Question): Date =>
  question.record !== undefined && isSameHead(question)
    ? new Date(question.record.deployedAt)
    : new Date(nowInSeconds(question));

/**
 * When the environment ends; undefined: no end. A new head starts a new lifetime, which never ends earlier than the one before
 * (an extension holds); at the same head it stays, but for `bivouac:keep` coming and going.
 */
export const expiresAt = (question: Question): Date | undefined => {
  if (isKept(question)) return undefined;
  const before = recordedEnd(question);
  if (before !== undefined && isSameHead(question) && !isRenewed(question)) return new Date(before);
  const lifetime = lifetimeOf(question);
  if (lifetime === undefined) return undefined;
  return new Date(Math.max(before ?? 0, nowInSeconds(question) + lifetime));
};

/** A person asks (`up`) for an environment without a pull request: no label can be taken off, so asking is enough. */
export const isRenewed = (question: Question): boolean =>
  question.pullRequest === undefined && question.facts.asked !== undefined && isOver(question);

/** The flag's, the override file's, the preset's; milliseconds. */
const lifetimeOf = ({ facts, override, preset }: Question): number | undefined =>
  facts.asked?.lifetime ?? override?.lifetime ?? preset?.lifetime;

/** While it is torn down the record holds the teardown's deadline instead: what comes back starts a new lifetime. */
const recordedEnd = ({ record }: Question): number | undefined =>
  record === undefined || record.expiresAt === '' || record.state === 'teardown'
    ? undefined
    : Date.parse(record.expiresAt);

/** The record holds whole seconds. */
const nowInSeconds = ({ facts }: Question): number => Math.floor(facts.now.getTime() / 1000) * 1000;
