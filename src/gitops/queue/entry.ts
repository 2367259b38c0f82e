import type { CommitMessage } from '../port.js';

/** What an entry says besides its tree. */
export interface EntryText {
  /** Of the commit that shall land; whole, with its trailers. */
  readonly message: string;
  /** Tree id that its author saw on the branch; absent: no such directory. */
  readonly replaces?: string;
  /** With Flux: the Kustomization, which lies outside the directory. */
  readonly flux?: string;
}

/** An entry's own trailers, after those of the commit that shall land: Flux's file is small and travels as base64. */
export const entryTrailers = ({ replaces, flux }: Omit<EntryText, 'message'>): CommitMessage['trailers'] => [
  ...(flux === undefined ? [] : [['Bivouac-Flux', Buffer.from(flux).toString('base64')] as const]),
  ['Replaces', replaces ?? 'none'],
];

const ending = /(\n?\n)(?:Bivouac-Flux: ([A-Za-z0-9+/=]+)\n)?Replaces: ([0-9a-f]{40}|none)\n$/;

/** Undefined: somebody else's text. */
export const readEntryText = (text: string): EntryText | undefined => {
  const found = ending.exec(text);
  if (found === null || found.index === 0) return undefined;
  const [, , flux, replaces] = found;
  return {
    message: `${text.slice(0, found.index)}\n`,
    ...(replaces !== 'none' && replaces !== undefined && { replaces }),
    ...(flux !== undefined && { flux: Buffer.from(flux, 'base64').toString() }),
  };
};

/** An author has given up or died long before: what it wanted an hour ago is no truth any more. Milliseconds. */
export const entryLifetimeMs = 3_600_000;

export interface Sight {
  /** Tree id that the branch holds; absent: no such directory. */
  readonly held?: string;
  readonly at: Date;
}

/** Whether an entry may still land: the branch holds what its author saw, and it isn't forgotten. Else its author, or the sweep, decides anew. */
export const mayLand = (entry: { readonly replaces?: string; readonly at: Date }, { held, at }: Sight): boolean =>
  entry.replaces === held && at.getTime() - entry.at.getTime() < entryLifetimeMs;
