import { dirname } from 'node:path';
import { isBivouacError, refusedError, temporaryError, userError, BivouacError } from '../../model/errors.js';
import { GitFailure } from './command.js';
import { withoutCredentials, type Remote } from './remote.js';

export interface Circumstances {
  readonly remote: Remote;
  readonly branch: string;
  /** Never shown, in whatever spelling git or a server repeats them. */
  readonly secrets: readonly string[];
  readonly directory: string;
}

interface Kind {
  readonly code: string;
  readonly make: typeof userError;
  readonly what: string;
  readonly remedy: string;
}

const token =
  'Check BIVOUAC_GITOPS_TOKEN: it needs to write the contents of the GitOps repository, and may have expired.';

/** In order; the first that fits. Text only words the error: whether a push landed is read from the remote (git-publish.md 5.1). */
const kinds: readonly (readonly [pattern: RegExp, kind: Kind])[] = [
  [
    /returned error: 30[1278]|unable to update url base from redirection/,
    {
      code: 'RemoteMoved',
      make: refusedError,
      what: 'the GitOps repository has moved',
      remedy: 'Write its new address into gitops.repository; the token isn’t sent after a redirect.',
    },
  ],
  [
    /could not read Username|could not read Password|Authentication failed|returned error: 401|Permission denied \(publickey/,
    {
      code: 'RemoteUnauthorized',
      make: refusedError,
      what: 'the GitOps repository refused the credentials',
      remedy: token,
    },
  ],
  [
    /returned error: 403/,
    { code: 'RemoteForbidden', make: refusedError, what: 'the credentials don’t allow this', remedy: token },
  ],
  [
    /returned error: 404|[Rr]epository (?:'[^']*' )?not found|does not appear to be a git repository/,
    {
      code: 'RemoteNotFound',
      make: refusedError,
      what: 'the GitOps repository isn’t there, or the credentials may not see it',
      remedy: 'Check gitops.repository, and that BIVOUAC_GITOPS_TOKEN may read it.',
    },
  ],
  [
    /SSL certificate problem|certificate verif|Host key verification failed/,
    {
      code: 'RemoteUntrusted',
      make: refusedError,
      what: 'the GitOps host’s certificate or key isn’t trusted',
      remedy: 'Set GIT_SSL_CAINFO to the file of your certificate authority, or add the host’s key to known_hosts.',
    },
  ],
  [
    /mismatched algorithms|unknown object format|unsupported object format|object-format/,
    {
      code: 'UnsupportedRepository',
      make: userError,
      what: 'the GitOps repository has another object format (SHA-256) than Bivouac writes',
      remedy: 'Create it with --object-format=sha1.',
    },
  ],
  [
    /hook declined|refusing to update checked out branch|denying non-fast-forward|protected branch|deletion prohibited|\bGH0\d\d\b|returned error: 413|unpacker error/,
    {
      code: 'PushDeclined',
      make: refusedError,
      what: 'the GitOps repository declined the push',
      remedy:
        'Let the token’s owner push to this branch (hook, protection or size limit), or choose another in gitops.branch.',
    },
  ],
  [
    /stale info|fetch first|non-fast-forward|failed to update ref|cannot lock ref|reference already exists|incorrect old value|atomic/,
    {
      code: 'PushContended',
      make: temporaryError,
      what: 'another push came first, or the branch is locked',
      remedy: 'Run it again.',
    },
  ],
  [
    /\[remote rejected\]/,
    {
      code: 'PushDeclined',
      make: refusedError,
      what: 'the GitOps repository declined the push',
      remedy: 'Ask whoever keeps the GitOps repository what its rules are.',
    },
  ],
];

/** A push that lost to another, and to no lock: only a hint, as all text. */
export const isRace = (text: string): boolean =>
  /stale info|fetch first|non-fast-forward|failed to update ref|reference already exists|incorrect old value/.test(
    text,
  ) && !/File exists/.test(text);

const unavailable: Kind = {
  code: 'RemoteUnavailable',
  make: temporaryError,
  what: 'the GitOps repository can’t be reached or broke off',
  remedy: 'Run it again; check the network and the host’s status.',
};

/** What a failed git means for the caller. Errors that are ours already pass. */
export const classify = (error: unknown, circumstances: Circumstances): unknown => {
  if (isBivouacError(error) || !(error instanceof GitFailure)) return error;
  if (error.ended === 'missing') return gitMissing();
  if (ourDiskFull.test(error.message)) return diskFull(circumstances.directory, error);
  const said = redact(error.message, circumstances);
  if (!error.remote)
    return new BivouacError({ class: 'InternalError', code: 'GitFailed', message: `git failed: ${said}` });
  const found = error.ended === 'timeout' ? undefined : kinds.find(([pattern]) => pattern.test(error.message));
  const { code, make, what, remedy } = found?.[1] ?? unavailable;
  const { remote, branch } = circumstances;
  return make(code, said === '' ? what : `${what}: ${said}`, {
    where: `${withoutCredentials(remote.url)} ${branch}`,
    remedy,
    data: { output: said },
  });
};

export const gitMissing = (): BivouacError =>
  userError('GitMissing', 'git isn’t installed, or not on the PATH', { remedy: 'Install git 2.36 or newer.' });

/** A line of our own git: what the server says about its disk begins with `remote:`. */
const ourDiskFull = /^(?!remote: ).*(?:No space left on device|Disk quota exceeded)/m;

/** There is no room for the temporary repository. */
export const diskFull = (directory: string, cause: unknown): BivouacError =>
  temporaryError('DiskFull', 'the disk for temporary files is full', {
    where: dirname(directory),
    remedy: 'Make room, or let TMPDIR name a directory on another disk; a publish takes a few hundred kilobytes.',
    cause,
  });

const lineLimit = 8;
const textLimit = 800;

/** Progress and hints away, secrets and our own paths hidden, a screen at most. */
const redact = (text: string, { secrets, directory }: Circumstances): string => {
  const hidden = secrets
    .filter((secret) => secret !== '')
    .reduce((left, secret) => left.replaceAll(secret, '***'), withoutCredentials(text))
    .replaceAll(directory, '<temporary>');
  const lines = hidden
    .split(/[\r\n]+/)

    .map((line) =>
      line
        .replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')
        .replace(/^remote: ?/, '')
        .trim(),
    )
    .filter((line) => line !== '' && !noise.test(line));
  const shown = lines.slice(0, lineLimit).join('; ');
  const cut = lines.length > lineLimit || shown.length > textLimit;
  return cut ? `${shown.slice(0, textLimit)}…` : shown;
};

const noise =
  /^(?:hint:|POST git-|To |Done$|Pushing to|Everything up-to-date|(?:Enumerating|Counting|Compressing|Writing|Receiving) objects|Resolving deltas|Delta compression|Total \d)/;
