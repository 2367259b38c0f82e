import { type BivouacError, isBivouacError, refusedError, temporaryError } from '../../model/errors.js';

/** What was asked: for messages, and to tell what may have changed. */
export interface Question {
  /** `pull request acme/shop#42` */
  readonly what: string;
  /** Of a write: what may be there although no answer came. */
  readonly effect?: string;
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
export const failureOf = (error: unknown, question: Question): BivouacError => {
  const failure = error as HttpFailure;
  const own = [error, failure.cause].find(isBivouacError);
  if (own !== undefined) return own;
  if ([error, failure.cause].some(isTimeout))
    return temporaryError(
      'CodeHostTimeout',
      `GitHub didn't answer in time (${question.what})`,
      unknownEffect(question),
    );
  if (failure.response === undefined) return unreachable(failure, question);
  return byStatus(failure, question);
};

/** A success that can't be used: cut short, or not what it should be. */
export const unreadable = (question: Question, place: string): BivouacError =>
  temporaryError('CodeHostUnavailable', `GitHub's answer can't be read (${question.what}): ${place}`, {
    ...unknownEffect(question),
    remedy: 'Run again. If it stays, something between you and GitHub changes its answers.',
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

const unreachable = (failure: HttpFailure, question: Question): BivouacError =>
  temporaryError('CodeHostUnavailable', `GitHub can't be reached (${question.what}): ${firstLine(failure.message)}`, {
    ...unknownEffect(question),
    remedy:
      'Run again; check the network, forge.url, and the certificate (NODE_EXTRA_CA_CERTS). ' +
      'Behind a proxy: Node heeds HTTPS_PROXY from 22.21 or 24.5 on, with NODE_USE_ENV_PROXY=1.',
  });

const byStatus = (failure: HttpFailure, question: Question): BivouacError => {
  const { status = 0 } = failure;
  const headers = failure.response?.headers ?? {};
  const said = firstLine(failure.message);
  const { what } = question;
  if (isRateLimit(status, headers, said)) return rateLimited(headers, what);
  if (status >= 500)
    return temporaryError(
      'CodeHostUnavailable',
      `GitHub is out of order: ${status} (${what})`,
      unknownEffect(question),
    );
  if (status === 401)
    return refusedError('CodeHostUnauthorized', `GitHub refuses the token (${what})`, {
      remedy: 'The token is wrong, expired or missing: set BIVOUAC_GITHUB_TOKEN or GITHUB_TOKEN.',
    });
  if (status === 403)
    return refusedError('CodeHostForbidden', `GitHub forbids it (${what}): ${said}`, { remedy: permission(headers) });
  if (status === 404)
    return refusedError('CodeHostNotFound', `GitHub has no ${what}, or the token can't see it`, {
      remedy: 'Check repository and number. For a private repository the token needs access, else GitHub says 404.',
      data: { said },
    });
  return refusedError('CodeHostRefused', `GitHub refused with ${status} (${what}): ${said}`);
};

const isRateLimit = (status: number, headers: Readonly<Record<string, unknown>>, said: string): boolean =>
  status === 429 ||
  (status === 403 &&
    (headers['retry-after'] !== undefined ||
      String(headers['x-ratelimit-remaining']) === '0' ||
      /\brate limit\b/i.test(said)));

const rateLimited = (headers: Readonly<Record<string, unknown>>, what: string): BivouacError => {
  const after = Number(headers['retry-after']);
  const reset = Number(headers['x-ratelimit-reset']);
  const hour = 3600;
  return temporaryError('RateLimited', `GitHub's rate limit is reached (${what})`, {
    remedy: 'Run again later; nothing is lost.',
    data: {
      // seconds, when they were given and are plausible; a date or nonsense is left out
      ...(after >= 0 && after <= 24 * hour ? { retryAfterSeconds: Math.ceil(after) } : {}),
      ...(reset > 0 ? { resetAtSeconds: reset } : {}),
    },
  });
};

const permission = (headers: Readonly<Record<string, unknown>>): string =>
  headers['x-github-sso'] === undefined
    ? 'Give the token contents: read and pull-requests: write on this repository.'
    : 'Authorize the token for the organization’s single sign-on.';

/** GitHub appends the address of its documentation; bodies of proxies can be whole pages. */
const firstLine = (text: string): string => {
  const line = text.split('\n', 1)[0]?.replace(/ - https:\/\/\S+$/, '') ?? '';
  return printable(line).slice(0, 200);
};
const printable = (text: string): string => text.replace(/\p{C}/gu, ' ');
