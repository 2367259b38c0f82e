import type { Feedback } from '../../feedback/port.js';
import type { CodeHost, Labels } from '../port.js';
import { createApi } from './api.js';
import { createClient } from './client.js';
import { createCodeHost } from './code-host.js';
import { createFeedback } from './comments.js';
import { createLabels } from './labels.js';
import { apiUrlOf, checkedApiUrl, isLoopbackUrl } from './urls.js';

export interface GitHubOptions {
  /** As `forge.url` has it: `https://github.com`, or a GitHub Enterprise Server. */
  readonly url: string;
  /** Instead of the one that follows from `url`: `GITHUB_API_URL`, tests, the demo. */
  readonly apiUrl?: string;
  /** Absent: what anyone may read. */
  readonly token?: string;
  /** What a proxy's address would come from. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Notes for people. */
  readonly log: (text: string) => void;
  /** For one attempt, in milliseconds. @default 10000 */
  readonly deadlineMs?: number;
  /** Before the one repetition of a request that failed, in milliseconds. @default 1000 */
  readonly pauseMs?: number;
}

/** GitHub as code host, for labels and for feedback, with one token. @throws UserError InvalidForgeUrl */
export const gitHub = (options: GitHubOptions): CodeHost & Labels & Feedback => {
  const { token, log, deadlineMs, pauseMs = 1000 } = options;
  const apiUrl = options.apiUrl === undefined ? apiUrlOf(options.url) : checkedApiUrl(options.apiUrl);
  noteProxy(apiUrl, options);
  const client = createClient({
    apiUrl,
    log,
    ...(token === undefined ? {} : { token }),
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
  });
  const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, pauseMs));
  const api = createApi({ client, apiUrl, pause });
  return { ...createCodeHost(api), ...createLabels(api), ...createFeedback(api, pause) };
};

/** Git heeds HTTPS_PROXY, Node's fetch doesn't by itself: the half that works would make the other hard to find. */
const noteProxy = (apiUrl: string, { environment, log }: GitHubOptions): void => {
  const isSet = ['HTTPS_PROXY', 'https_proxy'].some((name) => (environment[name] ?? '') !== '');
  if (!isSet || environment['NODE_USE_ENV_PROXY'] === '1' || isLoopbackUrl(apiUrl)) return;
  log(
    'HTTPS_PROXY is set, but GitHub is called directly: Node heeds it from 22.21 or 24.5 on, with NODE_USE_ENV_PROXY=1',
  );
};
