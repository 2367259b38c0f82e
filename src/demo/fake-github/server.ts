import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import type { AddressInfo } from 'node:net';
import { errorAnswer, ownUserAnswer } from './answers.js';
import { appRoutes, type FakeApp } from './app.js';
import { etags } from './etags.js';
import { type Exchange, observer } from './exchange.js';
import { createFaults } from './faults.js';
import { isGranted, needOf, printNeed } from './permissions.js';
import { createRates, type RateRules } from './rates.js';
import { type Counter, driveRepository, type FakeRepository } from './repository.js';
import type { Bindings } from './bindings.js';
import { repositoryRoutes } from './routes.js';
import {
  actionsBot,
  createRepository,
  type Fault,
  type LoggedRequest,
  type RepositoryState,
  type Token,
} from './state.js';

export interface FakeGitHubOptions {
  /** The repository that the fake's own methods drive. @default acme/shop, 724712 */
  readonly repository?: { readonly name: string; readonly id: number };
  /** By their text. @default one of a workflow, `fake-token`, that may read contents and write pull requests */
  readonly tokens?: Readonly<Record<string, Token>>;
  /** A GitHub App beside them. */
  readonly app?: FakeApp;
  /** Absent: nobody is too fast. */
  readonly rates?: RateRules;
  /** Where the API begins: `/api/v3` on a GitHub Enterprise Server. @default the root */
  readonly basePath?: '/api/v3';
  /** Gets every request as it arrived, with what was answered before any fault. */
  readonly observe?: (exchange: Exchange) => void;
}

/** A GitHub on loopback that remembers what it is told, for tests and the demo. */
export interface FakeGitHub extends FakeRepository {
  /** Of its API, e.g. `http://127.0.0.1:41234`; without the base path. */
  readonly url: string;
  readonly token: string;
  readonly requests: readonly LoggedRequest[];
  /** Another repository, made when it isn't there. */
  repository(name: string, id: number): FakeRepository;
  fault(fault: Fault): void;
  stop(): Promise<void>;
}

const workflowToken: Token = {
  account: actionsBot,
  kind: 'installation',
  permissions: { contents: 'read', pullRequests: 'write', deployments: 'write' },
};

export const startFakeGitHub = async (options: FakeGitHubOptions = {}): Promise<FakeGitHub> => {
  const { name, id } = options.repository ?? { name: 'acme/shop', id: 724_712 };
  const tokens = new Map(Object.entries(options.tokens ?? { 'fake-token': workflowToken }));
  const repositories = new Map<string, RepositoryState>();
  const counter = createCounter();
  const drive = (of: string, at: number): FakeRepository => {
    const state = repositories.get(of.toLowerCase()) ?? createRepository(of, at);
    repositories.set(of.toLowerCase(), state);
    return driveRepository(state, counter);
  };
  const faults = createFaults();
  const requests: LoggedRequest[] = [];
  const app = createApp({ options, tokens, repositories, counter, requests, faults: faults.middleware });
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
  if (!server.listening) await new Promise((resolve) => server.once('listening', resolve));
  return {
    ...drive(name, id),
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: [...tokens.keys()][0] ?? '',
    requests,
    repository: drive,
    fault: faults.add,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
};

const createCounter = (): Counter => {
  let second = 0;
  let last = 492_700_400;
  return {
    now: () => new Date(Date.UTC(2026, 10, 23, 10, 0, second++)).toISOString().replace('.000Z', 'Z'),
    id: () => ++last,
  };
};

interface AppParts {
  readonly options: FakeGitHubOptions;
  readonly tokens: Map<string, Token>;
  readonly repositories: ReadonlyMap<string, RepositoryState>;
  readonly counter: Counter;
  readonly requests: LoggedRequest[];
  readonly faults: ReturnType<typeof createFaults>['middleware'];
}

const createApp = ({ options, tokens, repositories, counter, requests, faults }: AppParts): Hono<Bindings> => {
  const server = new Hono<Bindings>();
  const app = options.basePath === undefined ? server : server.basePath(options.basePath);
  const prefix = options.basePath ?? '';
  server.use(async (c, next) => {
    await next();
    const { method, path } = c.req;
    requests.push({
      method,
      path: path.startsWith(prefix) ? path.slice(prefix.length) : path,
      authorization: c.req.header('authorization'),
      status: c.res.status,
    });
  });
  server.use(faults);
  if (options.observe !== undefined) server.use(observer(options.observe, prefix));
  if (options.app !== undefined) app.route('/', appRoutes(options.app, tokens, counter));
  server.use(async (c, next) => {
    const token = tokens.get(/^(?:token|bearer) (.+)$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? '');
    if (token === undefined) return c.json(errorAnswer('Bad credentials'), 401);
    c.set('token', token);
    return next();
  });
  if (options.rates !== undefined) server.use(createRates(options.rates));
  server.use(etags);
  app.use('/repos/:owner/:repo/*', async (c, next) => {
    const repository = repositories.get(`${c.req.param('owner')}/${c.req.param('repo')}`.toLowerCase());
    const { owner = c.req.param('owner'), permissions } = c.get('token');
    if (repository === undefined || owner !== c.req.param('owner')) return c.json(errorAnswer('Not Found'), 404);
    const need = needOf(c.req.method, c.req.path.slice(prefix.length).split('/').slice(4).join('/'));
    if (need !== undefined && !isGranted(permissions, need)) {
      c.header('x-accepted-github-permissions', printNeed(need));
      return c.json(errorAnswer('Resource not accessible by integration'), 403);
    }
    c.set('repository', repository);
    return next();
  });
  app.route('/repos/:owner/:repo', repositoryRoutes(counter));
  accountRoutes(app, server, options.basePath);
  server.notFound((c) => c.json(errorAnswer('Not Found'), 404));
  return server;
};

/** GraphQL lies beside the REST API of an Enterprise Server. */
const accountRoutes = (app: Hono<Bindings>, server: Hono<Bindings>, basePath: FakeGitHubOptions['basePath']): void => {
  app.get('/user', (c) =>
    c.get('token').kind === 'installation'
      ? c.json(errorAnswer('Resource not accessible by integration'), 403)
      : c.json(ownUserAnswer(c.get('token').account)),
  );
  server.post(basePath === undefined ? '/graphql' : '/api/graphql', (c) => {
    const { login, id } = c.get('token').account;
    return c.json({ data: { viewer: { login, databaseId: id } } });
  });
  const rate = { limit: 5000, remaining: 4999, used: 1, reset: 1_795_000_000 };
  app.get('/rate_limit', (c) => c.json({ resources: { core: rate, search: rate }, rate }));
};
