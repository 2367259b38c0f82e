import type { Dialect } from './dialect.js';
import { type BivouacError, isBivouacError, refusedError, temporaryError } from '../../model/errors.js';

/** What was asked: for messages, and to tell what may have changed. */
export interface Question {
  /** `pull request acme/shop#42` */
  readonly what: string;
  /** Of a write: what may be there although no answer came. */
  readonly effect?: string;
}

/** With whom was asked. */
export interface Asked extends Question {
  readonly dialect: Dialect;
}

interface HttpFailure {
  readonly status?: number;
  readonly message: string;
  readonly response?: { readonly headers: Readonly<Record<string, string | number | undefined>> };
  readonly cause?: unknown;
}

/**
 * Octokit reports a timeout, a refused redirect and any other failed fetch as status 500: the cause is looked at first.
 */
export const failureOf = (error: unknown, asked: Asked): BivouacError => {
  const failure = error as HttpFailure;
  const own = [error, failure.cause].find(isBivouacError);
  if (own !== undefined) return own;
  if ([error, failure.cause].some(isTimeout))
    return temporaryError(
      'CodeHostTimeout',
      `${asked.dialect.name} didn't answer in time (${asked.what})`,
      unknownEffect(asked),
    );
  if (failure.response === undefined) return unreachable(failure, asked);
  return byStatus(failure, asked);
};

/** A success that can't be used: cut short, or not what it should be. */
export const unreadable = (asked: Asked, place: string): BivouacError =>
  temporaryError('CodeHostUnavailable', `${asked.dialect.name}'s answer can't be read (${asked.what}): ${place}`, {
    ...unknownEffect(asked),
    remedy: `Run again. If it stays, something between you and ${asked.dialect.name} changes its answers.`,
  });

/** Whether a write that failed this way may have had its effect all the same. */
export const isDoubtful = (error: unknown): boolean =>
  isOutage(error) || (isBivouacError(error) && error.code === 'CodeHostTimeout');

/** Out of order or out of reach, maybe for a moment. */
export const isOutage = (error: unknown): boolean => isBivouacError(error) && error.code === 'CodeHostUnavailable';

const isTimeout = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'name' in error && /^(?:Timeout|Abort)Error$/.test(String(error.name));

const unknownEffect = ({ effect }: Question) => ({
  changed: effect === undefined ? 'nothing' : `unknown: ${effect} may be there`,
  remedy: 'Run again.',
});

const unreachable = (failure: HttpFailure, asked: Asked): BivouacError =>
  temporaryError(
    'CodeHostUnavailable',
    `${asked.dialect.name} can't be reached (${asked.what}): ${firstLine(failure.message)}`,
    {
      ...unknownEffect(asked),
      remedy:
        'Run again; check the network, forge.url, and the certificate (NODE_EXTRA_CA_CERTS). ' +
        'Behind a proxy: Node heeds HTTPS_PROXY from 22.21 or 24.5 on, with NODE_USE_ENV_PROXY=1.',
    },
  );

const byStatus = (failure: HttpFailure, asked: Asked): BivouacError => {
  const { status = 0 } = failure;
  const headers = failure.response?.headers ?? {};
  const said = firstLine(failure.message);
  const { what, dialect } = asked;
  const { name } = dialect;
  if (isRateLimit(status, headers, said)) return rateLimited(headers, asked);
  if (status >= 500)
    return temporaryError('CodeHostUnavailable', `${name} is out of order: ${status} (${what})`, unknownEffect(asked));
  if (status === 401)
    return refusedError('CodeHostUnauthorized', `${name} refuses the token (${what})`, { remedy: dialect.tokenRemedy });
  if (status === 403)
    return refusedError('CodeHostForbidden', `${name} forbids it (${what}): ${said}`, {
      remedy: permission(headers, dialect),
    });
  if (status === 404)
    return refusedError('CodeHostNotFound', `${name} has no ${what}, or the token can't see it`, {
      remedy: `Check repository and number. For a private repository the token needs access, else ${name} says 404.`,
      data: { said },
    });
  return refusedError('CodeHostRefused', `${name} refused with ${status} (${what}): ${said}`, { data: { said } });
};

const isRateLimit = (status: number, headers: Readonly<Record<string, unknown>>, said: string): boolean =>
  status === 429 ||
  (status === 403 &&
    (headers['retry-after'] !== undefined ||
      String(headers['x-ratelimit-remaining']) === '0' ||
      /\brate limit\b/i.test(said)));

const rateLimited = (headers: Readonly<Record<string, unknown>>, { what, dialect }: Asked): BivouacError => {
  const after = Number(headers['retry-after']);
  const reset = Number(headers['x-ratelimit-reset']);
  const hour = 3600;
  return temporaryError('RateLimited', `${dialect.name}'s rate limit is reached (${what})`, {
    remedy: 'Run again later; nothing is lost.',
    data: {
      // seconds, when they were given and are plausible; a date or nonsense is left out
      ...(after >= 0 && after <= 24 * hour ? { retryAfterSeconds: Math.ceil(after) } : {}),
      ...(reset > 0 ? { resetAtSeconds: reset } : {}),
    },
  });
};

const permission = (headers: Readonly<Record<string, unknown>>, { permissionRemedy }: Dialect): string =>
  headers['x-github-sso'] === undefined
    ? permissionRemedy
    : 'Authorize the token for the organization’s single sign-on.';

/** Code hosts append the address of its documentation; bodies of proxies can be whole pages. */
const firstLine = (text: string): string => {
  const line = text.split('\n', 1)[0]?.replace(/ - https:\/\/\S+$/, '') ?? '';
  return printable(line).slice(0, 200);
};
const printable = (text: string): string => text.replace(/\p{C}/gu, ' ');
