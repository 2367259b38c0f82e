import type { Answer } from './answer.js';

/** The account whose comments are ours. */
export interface Identity {
  readonly login: string;
  /** Absent: not known; then the login and being a bot decide. */
  readonly id?: number;
}

/** Anyone may write our marker: a comment is ours only by its author. */
export const isBy = (identity: Identity, comment: Answer): boolean => {
  if (comment.maybe('user') === undefined) return false;
  if (identity.id !== undefined) return comment.number('user.id') === identity.id;
  return comment.text('user.type') === 'Bot' && comment.text('user.login') === identity.login;
};
