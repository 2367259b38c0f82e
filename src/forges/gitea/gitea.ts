import { type Feedback, markerOf } from '../../feedback/port.js';
import type { CodeHost, Conversation, Labels } from '../port.js';
import { type Api, createApi } from '../rest/api.js';
import { createClient } from '../rest/client.js';
import { createComments } from '../rest/comments.js';
import { createConversation } from '../rest/conversation.js';
import type { Identity } from '../rest/identity.js';
import { createStatus } from '../rest/status.js';
import { below } from '../rest/urls.js';
import { createCodeHost } from './code-host.js';
import { gitea as dialect } from './dialect.js';
import { createLabels } from './labels.js';

export interface GiteaOptions {
  /** As `forge.url` has it: `https://gitea.example.com` */
  readonly url: string;
  readonly token: string;
  /** Notes for people. */
  readonly log: (text: string) => void;
  /** For one attempt, in milliseconds. @default 10000 */
  readonly deadlineMs?: number;
  /** Before the one repetition of a request that failed, in milliseconds. @default 1000 */
  readonly pauseMs?: number;
}

/** Gitea as code host, for labels, feedback and conversation, with one token. @throws UserError InvalidForgeUrl */
export const gitea = ({
  url,
  token,
  log,
  deadlineMs,
  pauseMs = 1000,
}: GiteaOptions): CodeHost & Labels & Feedback & { readonly conversation: Conversation } => {
  const apiUrl = below(url, '/api/v1');
  const client = createClient({
    ...{ name: dialect.name, pace: 'any', apiUrl, log, token },
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
  });
  const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, pauseMs));
  const api = createApi({ client, apiUrl, dialect, pause });
  const comments = createComments(api, () => readIdentity(api));
  return {
    ...createCodeHost(api),
    ...createLabels(api),
    conversation: createConversation(api, comments),
    comment: (ref, { name, body, when }) => comments.put(ref, { marker: markerOf(name), body, when }),
    status: createStatus(api, 'status'),
    deployment: sayOnce(log, 'Gitea has no deployments: the comment alone links to the environment'),
  };
};

const readIdentity = async (api: Api): Promise<Identity> => {
  const user = await api.ask({ route: 'GET /user', parameters: {} }, { what: 'user of the token' });
  return { login: user.text('login'), id: user.number('id') };
};

const sayOnce = (log: (text: string) => void, text: string): (() => Promise<void>) => {
  let isSaid = false;
  return () => {
    if (!isSaid) log(text);
    isSaid = true;
    return Promise.resolve();
  };
};
