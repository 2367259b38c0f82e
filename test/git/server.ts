import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRepository, type RepositoryFixture } from './fixture.js';
import { startBackend } from './run.js';

export interface LoggedRequest {
  readonly method: string;
  /** Path and query. */
  readonly uri: string;
  /** 0: the connection was cut. */
  readonly status: number;
  /** Of the request's body. */
  readonly bytesUp: number;
  /** Of the answer's body. */
  readonly bytesDown: number;
  readonly authorization: string | undefined;
}

/** What goes wrong with a request; `after`: git has done its work and the answer is lost. */
export type Fault =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly when: 'before' | 'after';
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'reset'; readonly when: 'before' | 'after' }
  | { readonly kind: 'hang' }
  /** Half of the answer, then the connection is cut. */
  | { readonly kind: 'truncate' }
  /** A byte every 50 ms, for ever. */
  | { readonly kind: 'drip' }
  /** Nothing goes wrong, but somebody is told; git's work waits for `before`, the answer for `after`. */
  | { readonly kind: 'tell'; readonly before?: () => Promise<void>; readonly after?: () => Promise<void> }
  /** Git goes on once it resolves: to let others overtake. */
  | { readonly kind: 'delay'; readonly until: Promise<unknown> };

export type FaultHook = (request: { readonly method: string; readonly uri: string }) => Fault | undefined;

export interface GitServerOptions {
  /** The password that it takes, under any user name. @default 'test-token' */
  readonly token?: string;
}

/** Real `git http-backend` with Basic authentication on 127.0.0.1. */
export interface GitServer {
  readonly token: string;
  readonly origin: string;
  /** Requests in the order in which they ended; may be emptied by `log.length = 0`. */
  readonly log: LoggedRequest[];
  /** Address of a repository. */
  url(name?: string): string;
  /** Where the bare repository of that name lies. */
  directory(name?: string): string;
  create(fixture?: RepositoryFixture, name?: string): Promise<void>;
  /** Asked for each request, until it is replaced; undefined: nothing goes wrong. */
  setFault(hook: FaultHook | undefined): void;
  stop(): Promise<void>;
}

/** Starts it; `gitops.git` is the repository's name unless told. */
export const startGitServer = async ({ token = 'test-token' }: GitServerOptions = {}): Promise<GitServer> => {
  const root = await mkdtemp(join(tmpdir(), 'git-server-'));
  const log: LoggedRequest[] = [];
  let fault: FaultHook | undefined;
  const server = createServer((request, response) => {
    answer({ request, response, root, token, log, fault: fault?.(nameOf(request)) }).catch(() => response.destroy()); // the client is gone
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const directory = (name = 'gitops'): string => join(root, `${name}.git`);
  return {
    token,
    origin,
    log,
    directory,
    url: (name = 'gitops') => `${origin}/${name}.git`,
    create: (fixture, name) => createRepository(directory(name), fixture),
    setFault: (hook) => {
      fault = hook;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(root, { recursive: true, force: true });
    },
  };
};

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly root: string;
  readonly token: string;
  readonly log: LoggedRequest[];
  readonly fault: Fault | undefined;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const nameOf = ({ method = '', url = '' }: IncomingMessage) => ({ method, uri: url });

const answer = async (exchange: Exchange): Promise<void> => {
  const { request, response, log, fault } = exchange;
  const body = await read(request);
  const note = (status: number, bytesDown: number): void => {
    const { authorization } = request.headers;
    log.push({ ...nameOf(request), status, bytesUp: body.length, bytesDown, authorization });
  };
  const send = ({ status, headers, body: text }: Answer): void => {
    note(status, text.length);
    response.writeHead(status, headers).end(text);
  };
  if (fault?.kind === 'hang') return note(0, 0);
  if (fault?.kind === 'delay') await fault.until;
  if (fault?.kind === 'tell') await fault.before?.();
  const early = fault !== undefined && 'when' in fault && fault.when === 'before';
  const real = early ? undefined : await served(exchange, body);
  if (fault?.kind === 'tell') await fault.after?.();
  if (fault?.kind === 'reset') {
    note(0, 0);
    request.socket.resetAndDestroy();
  } else if (fault?.kind === 'truncate' && real !== undefined) {
    note(0, 0);
    response.writeHead(real.status, { ...real.headers, 'content-length': String(real.body.length) });
    response.write(real.body.subarray(0, real.body.length / 2), () => request.socket.destroy());
  } else if (fault?.kind === 'drip' && real !== undefined) {
    note(real.status, 0);
    response.writeHead(real.status, real.headers);
    drip(response);
  } else if (fault?.kind === 'status') {
    send({ status: fault.status, headers: { ...fault.headers }, body: Buffer.from('a fault\n') });
  } else if (real !== undefined) send(real);
};

const drip = (response: ServerResponse): void => {
  const timer = setInterval(() => response.write('0'), 50);
  response.on('close', () => clearInterval(timer));
};

const served = (exchange: Exchange, body: Buffer): Promise<Answer> => {
  const given = /^Basic (.+)$/.exec(exchange.request.headers.authorization ?? '')?.[1] ?? '';
  const password = Buffer.from(given, 'base64')
    .toString()
    .replace(/^[^:]*:/, '');
  if (password !== exchange.token) {
    const headers = { 'www-authenticate': 'Basic realm="git"' };
    return Promise.resolve({ status: 401, headers, body: Buffer.alloc(0) });
  }
  return runBackend(exchange, body);
};

const runBackend = async ({ request, root }: Exchange, body: Buffer): Promise<Answer> => {
  const [path = '', query = ''] = (request.url ?? '').split('?');
  const header = (name: string): string => String(request.headers[name] ?? '');
  const child = startBackend({
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: '1',
    GIT_PROTOCOL: header('git-protocol'),
    HTTP_CONTENT_ENCODING: header('content-encoding'),
    PATH_INFO: path,
    QUERY_STRING: query,
    REQUEST_METHOD: request.method ?? '',
    CONTENT_TYPE: header('content-type'),
    CONTENT_LENGTH: String(body.length),
    REMOTE_USER: 'test',
    REMOTE_ADDR: '127.0.0.1',
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(body);
  child.stderr.resume();
  return parseCgi(await read(child.stdout));
};

const parseCgi = (output: Buffer): Answer => {
  const end = output.indexOf('\r\n\r\n');
  const lines = output.toString('latin1', 0, end).split('\r\n');
  const fields = Object.fromEntries(lines.map((line) => line.split(/:\s*(.*)/s).slice(0, 2) as [string, string]));
  const { Status: status, ...headers } = fields;
  return { status: Number.parseInt(status ?? '200', 10), headers, body: output.subarray(end + 4) };
};

const read = async (stream: AsyncIterable<unknown>): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};
