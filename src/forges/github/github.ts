import { type Feedback, markerOf } from '../../feedback/port.js';
import type { CodeHost, Conversation, Labels } from '../port.js';
import { createApi } from '../rest/api.js';
import { type ClientOptions, createClient } from '../rest/client.js';
import { createComments } from '../rest/comments.js';
import { createConversation } from '../rest/conversation.js';
import { createStatus } from '../rest/status.js';
import { checkedApiUrl, isLoopbackUrl } from '../rest/urls.js';
import { actAsApp, type AppCredentials, readAppIdentity } from './app.js';
import { createCodeHost } from './code-host.js';
import { createDeployments } from './deployments.js';
import { github as dialect } from './dialect.js';
import { readIdentity } from './identity.js';
import { createLabels } from './labels.js';
import { apiUrlOf } from './urls.js';

export interface GitHubOptions {
  /** As `forge.url` has it: `https://github.com`, or a GitHub Enterprise Server. */
  readonly url: string;
  /** Instead of the one that follows from `url`: `GITHUB_API_URL`, tests, the demo. */
  readonly apiUrl?: string;
  /** Absent: what anyone may read. */
  readonly token?: string;
  /** Instead of a token: one is minted for each repository's owner. */
  readonly app?: AppCredentials;
  /** What a proxy's address would come from. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Notes for people. */
  readonly log: (text: string) => void;
  /** For one attempt, in milliseconds. @default 10000 */
  readonly deadlineMs?: number;
  /** Before the one repetition of a request that failed, in milliseconds. @default 1000 */
  readonly pauseMs?: number;
}

export type GitHub = CodeHost & Labels & Feedback & { readonly conversation: Conversation };

/** GitHub as code host, for labels, feedback and conversation. @throws UserError InvalidForgeUrl, InvalidPrivateKey */
export const gitHub = (options: GitHubOptions): GitHub => {
  const { token, app, log, deadlineMs, pauseMs = 1000 } = options;
  const apiUrl = options.apiUrl === undefined ? apiUrlOf(options.url) : checkedApiUrl(options.apiUrl);
  noteProxy(apiUrl, options);
  const unsigned: ClientOptions = {
    ...{ name: dialect.name, apiUrl, log, pace: isLoopbackUrl(apiUrl) ? 'any' : 'github' },
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
  };
  const client = createClient({ ...unsigned, ...(token === undefined || app !== undefined ? {} : { token }) });
  if (app !== undefined) actAsApp(client, createClient(unsigned), app);
  const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, pauseMs));
  const api = createApi({ client, apiUrl, dialect, pause });
  const comments = createComments(api, () => (app === undefined ? readIdentity(api) : readAppIdentity(api)));
  return {
    ...createCodeHost(api),
    ...createLabels(api),
    conversation: createConversation(api, comments),
    comment: (ref, { name, body, when }) => comments.put(ref, { marker: markerOf(name), body, when }),
    status: createStatus(api, 'state'),
    deployment: createDeployments(api),
  };
};

/** Git heeds HTTPS_PROXY, Node's fetch doesn't by itself: the half that works would make the other hard to find. */
const noteProxy = (apiUrl: string, { environment, log }: GitHubOptions): void => {
  const isSet = ['HTTPS_PROXY', 'https_proxy'].some((name) => (environment[name] ?? '') !== '');
  if (!isSet || environment['NODE_USE_ENV_PROXY'] === '1' || isLoopbackUrl(apiUrl)) return;
  log(
    'HTTPS_PROXY is set, but GitHub is called directly: Node heeds it from 22.21 or 24.5 on, with NODE_USE_ENV_PROXY=1',
  );
};
