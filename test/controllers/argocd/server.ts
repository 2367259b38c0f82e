import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Reply {
  readonly status?: number;
  /** Text is sent as it is, anything else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** No answer at all. */
  readonly hangs?: boolean;
}

/** What answers under `/api/v1/`: path without query → reply; undefined: 404 as Argo CD says it. */
export interface ArgoCdServer {
  readonly url: string;
  /** `applications/shop-pr-42?project=shop-environments` */
  readonly asked: string[];
  readonly tokens: (string | undefined)[];
  reply: (path: string, query: URLSearchParams) => Reply | undefined;
  close(): Promise<void>;
}

export const startArgoCd = async (): Promise<ArgoCdServer> => {
  const asked: string[] = [];
  const tokens: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://localhost');
    const path = url.pathname.replace(/^\/api\/v1\//, '');
    asked.push(`${path}${url.search}`);
    tokens.push(request.headers.authorization);
    const reply = started.reply(path, url.searchParams) ?? { status: 404, body: { code: 5, message: 'not found' } };
    if (reply.hangs === true) return;
    response.writeHead(reply.status ?? 200, reply.headers);
    response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const started: ArgoCdServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    tokens,
    reply: () => undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return started;
};

/** An answer of the folder `answers` as the server gives it. */
export interface Recorded {
  readonly application: unknown;
  readonly tree?: unknown;
  readonly events?: Readonly<Record<string, unknown>>;
}

export const replying =
  ({ application, tree, events = {} }: Recorded): ArgoCdServer['reply'] =>
  (path, query) => {
    if (path === 'applications/shop-pr-42') return { body: application };
    if (path === 'applications/shop-pr-42/resource-tree') return { body: tree ?? {} };
    if (path === 'applications/shop-pr-42/events') return { body: events[query.get('resourceName') ?? ''] ?? {} };
    return undefined;
  };
