import { throttling } from '@octokit/plugin-throttling';
import { Octokit } from '@octokit/rest';
import { refusedError } from '../../model/errors.js';

export interface ClientOptions {
  /** For messages: `GitHub` */
  readonly name: string;
  /** How fast it may be written to. GitHub asks for 1 s between writes and 3 s between comments. */
  readonly pace: 'github' | 'any';
  /** `https://api.github.com`, `https://gitea.example.com/api/v1` */
  readonly apiUrl: string;
  readonly token?: string;
  /** Notes for people; never a token. */
  readonly log: (text: string) => void;
  /** For one attempt, in milliseconds. @default 10000 */
  readonly deadlineMs?: number;
}

/** Longest wait for a rate limit within a run, in seconds; beyond it the next run goes on. */
const patience = 60;

const Client = Octokit.plugin(throttling);

/**
 * Octokit with a deadline an attempt, a lock on the configured origin and no redirects. No plugin-retry: it repeats a POST
 * whose effect is there already.
 */
export const createClient = ({ name, pace, apiUrl, token, log, deadlineMs = 10_000 }: ClientOptions): Octokit =>
  new Client({
    baseUrl: apiUrl,
    ...(token === undefined ? {} : { auth: token }),
    userAgent: 'bivouac',
    log: { debug: ignore, info: ignore, warn: log, error: ignore }, // failures are thrown, and an absent file is none
    throttle: {
      ...(pace === 'any' ? unpacedWrites : {}),
      onRateLimit: waitOnce(name, log),
      onSecondaryRateLimit: waitOnce(name, log),
    },
    request: { fetch: lockedFetch({ name, origin: new URL(apiUrl).origin, deadlineMs }) },
  });

const ignore = (): void => undefined;

const unpaced = { key: () => ({ schedule: (_job: unknown, run: () => Promise<unknown>) => run() }) };
const unpacedWrites: object = { write: unpaced, notifications: unpaced };

/** The throttling plugin types its handlers `void` and waits when they give true. */
const waitOnce =
  (name: string, log: (text: string) => void) =>
  (seconds: number, options: { readonly method?: string }, ...[, retries]: [unknown, number]): boolean => {
    const waits = options.method === 'GET' && retries < 1 && seconds <= patience;
    if (waits) log(`${name}'s rate limit is reached; waiting ${seconds} s`);
    return waits;
  };

interface Lock {
  readonly name: string;
  readonly origin: string;
  readonly deadlineMs: number;
}

/** Pages name the next one by URL and Octokit follows it with the token: nothing leaves the configured origin. */
const lockedFetch =
  ({ name, origin, deadlineMs }: Lock) =>
  async (url: string, init: RequestInit) => {
    const target = new URL(url).origin;
    if (target !== origin)
      throw refusedError('CodeHostForeignOrigin', `${name}'s answer leads to ${target}, not to ${origin}`, {
        where: target,
        remedy: `Nothing was sent there. Check forge.url, and what stands between you and ${name}.`,
      });
    const deadline = AbortSignal.timeout(deadlineMs);
    const signal = init.signal ? AbortSignal.any([init.signal, deadline]) : deadline;
    const response = await fetch(url, { ...init, redirect: 'manual', signal });
    if (response.status >= 300 && response.status < 400 && response.status !== 304)
      throw refusedError('CodeHostMoved', `${name} answered with a redirect (${response.status})`, {
        where: new URL(url).pathname,
        remedy: 'The repository was renamed or moved: put its present name into bivouac.yaml.',
      });
    return response;
  };
