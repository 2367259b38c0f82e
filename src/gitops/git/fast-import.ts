import { BivouacError } from '../../model/errors.js';
import { directoryOf } from '../../model/names.js';
import { commitSha, type CommitSha } from '../../model/pull-request.js';
import type { Change, CommitMessage } from '../port.js';

/** Who commits. */
export interface Identity {
  readonly name: string;
  readonly email: string;
}

export interface Stamp {
  readonly identity: Identity;
  readonly at: Date;
}

/** The one file of an environment outside its directory. */
export const fluxFileOf = ({ id }: Pick<Change, 'id'>): string => `flux/${id.application}/${id.environment}.yaml`;

/** A path as `fast-import` sees it before the change; no mode: it isn't there. */
export interface Seen {
  readonly path: string;
  readonly mode?: string;
  readonly id?: string;
}

/** What `fast-import` answered for one change. */
export interface Imported {
  /** From the root down to the directory, then down to the Flux file. */
  readonly before: readonly Seen[];
  /** Directory and Flux file. */
  readonly after: readonly [Seen, Seen];
  readonly commit: CommitSha;
}

/** Asked for before each change: nothing on the way may be a link or a file. */
export const pathsOf = (change: Pick<Change, 'id'>): readonly string[] => [
  'environments',
  `environments/${change.id.application}`,
  directoryOf(change.id),
  'flux',
  `flux/${change.id.application}`,
  fluxFileOf(change),
];

/** One commit a change, each on top of the one before. Paths must have been checked: the stream is read line by line. */
export const importStream = (base: CommitSha | undefined, changes: readonly Change[], stamp: Stamp): string =>
  `${changes.map((change, index) => commitOf(change, { from: index === 0 ? base : `:${index}`, mark: index + 1, stamp })).join('')}done\n`;

interface Place {
  readonly from: string | undefined;
  readonly mark: number;
  readonly stamp: Stamp;
}

const commitOf = (change: Change, { from, mark, stamp }: Place): string => {
  const directory = directoryOf(change.id);
  const flux = fluxFileOf(change);
  return [
    'commit refs/heads/w\n',
    `mark :${mark}\n`,
    committer(stamp),
    data(printMessage(change.message)),
    ...(from === undefined ? [] : [`from ${from}\n`]),
    ...pathsOf(change).map((path) => `ls "${path}"\n`),
    `D ${directory}\n`,
    `D ${flux}\n`,
    ...[...change.files].map(([path, text]) => `M 100644 inline ${directory}/${path}\n${data(text)}`),
    ...(change.flux === undefined ? [] : [`M 100644 inline ${flux}\n${data(change.flux)}`]),
    `ls "${directory}"\n`,
    `ls "${flux}"\n\n`,
    `get-mark :${mark}\n`,
  ].join('');
};

export const committer = ({ identity, at }: Stamp): string =>
  `committer ${plain(identity.name)} <${plain(identity.email)}> ${Math.floor(at.getTime() / 1000)} +0000\n`;

/** Bytes, not characters. */
export const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;

const plain = (text: string): string => text.replace(/[<>\n\r\0]/g, '').trim();

/** Subject and trailers; whatever would begin another line is refused. @throws InternalError UnsafeMessage */
export const printMessage = ({ subject, trailers }: CommitMessage): string => {
  const lines = [subject, ...trailers.flat()];

  const unsafe = lines.find((line) => /[\u0000-\u001f\u007f\u0085\u2028\u2029]/.test(line) || line.trim() === '');
  if (unsafe !== undefined)
    throw new BivouacError({
      class: 'InternalError',
      code: 'UnsafeMessage',
      message: `${JSON.stringify(unsafe.slice(0, 80))} can’t stand in a commit’s message`,
    });
  const block = trailers.map(([key, value]) => `${key}: ${value}\n`).join('');
  return block === '' ? `${subject}\n` : `${subject}\n\n${block}`;
};

const reply = /^(?:(\d{6}) [a-z]+ ([0-9a-f]{40})\t|missing )(.+)$/;

/** Reads the answers to `importStream`. @throws InternalError */
export const readReplies = (output: string, changes: readonly Pick<Change, 'id'>[]): readonly Imported[] => {
  const lines = output.split('\n');
  const next = (): string => lines.shift() ?? '';
  const see = (path: string): Seen => {
    const [, mode, id, said] = reply.exec(next()) ?? [];
    if (said !== path) throw unexpected(output);
    return mode === undefined || id === undefined ? { path } : { path, mode, id };
  };
  return changes.map((change) => ({
    before: pathsOf(change).map(see),
    after: [see(directoryOf(change.id)), see(fluxFileOf(change))],
    commit: commitSha(next()),
  }));
};

const unexpected = (output: string): BivouacError =>
  new BivouacError({
    class: 'InternalError',
    code: 'GitFailed',
    message: `git fast-import answered something unexpected: ${JSON.stringify(output.slice(0, 200))}`,
  });
