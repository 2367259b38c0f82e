import { serve } from '@hono/node-server';
import { Hono, type HonoRequest } from 'hono';
import type { AddressInfo } from 'node:net';
import { errorAnswer, userAnswer } from './answers.js';
import { createFaults } from './faults.js';
import { type Counter, driveRepository, type FakeRepository } from './repository.js';
import { type Bindings, repositoryRoutes } from './routes.js';
import {
  actionsBot,
  createRepository,
  type Fault,
  type LoggedRequest,
  type Permissions,
  type RepositoryState,
  type Token,
} from './state.js';

export interface FakeGitHubOptions {
  /** The repository that the fake's own methods drive. @default acme/shop, 724712 */
  readonly repository?: { readonly name: string; readonly id: number };
  /** By their text. @default one of a workflow, `fake-token`, that may read contents and write pull requests */
  readonly tokens?: Readonly<Record<string, Token>>;
}

/** A GitHub on loopback that remembers what it is told, for tests and the demo. */
export interface FakeGitHub extends FakeRepository {
  /** Of its API, e.g. `http://127.0.0.1:41234`. */
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
  permissions: { contents: 'read', pullRequests: 'write' },
};

export const startFakeGitHub = async (options: FakeGitHubOptions = {}): Promise<FakeGitHub> => {
  const { name, id } = options.repository ?? { name: 'acme/shop', id: 724_712 };
  const tokens = options.tokens ?? { 'fake-token': workflowToken };
  const repositories = new Map<string, RepositoryState>();
  const counter = createCounter();
  const drive = (of: string, at: number): FakeRepository => {
    const state = repositories.get(of.toLowerCase()) ?? createRepository(of, at);
    repositories.set(of.toLowerCase(), state);
    return driveRepository(state, counter);
  };
  const faults = createFaults();
  const requests: LoggedRequest[] = [];
  const app = createApp({ tokens, repositories, counter, requests, faults: faults.middleware });
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
  if (!server.listening) await new Promise((resolve) => server.once('listening', resolve));
  return {
    ...drive(name, id),
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: Object.keys(tokens)[0] ?? '',
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
  readonly tokens: Readonly<Record<string, Token>>;
  readonly repositories: ReadonlyMap<string, RepositoryState>;
  readonly counter: Counter;
  readonly requests: LoggedRequest[];
  readonly faults: ReturnType<typeof createFaults>['middleware'];
}

const createApp = ({ tokens, repositories, counter, requests, faults }: AppParts): Hono<Bindings> => {
  const app = new Hono<Bindings>();
  app.use(async (c, next) => {
    await next();
    const { method, path } = c.req;
    requests.push({ method, path, authorization: c.req.header('authorization'), status: c.res.status });
  });
  app.use(faults);
  app.use(async (c, next) => {
    const token = tokens[/^(?:token|bearer) (.+)$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? ''];
    if (token === undefined) return c.json(errorAnswer('Bad credentials'), 401);
    c.set('token', token);
    return next();
  });
  app.use('/repos/:owner/:repo/*', async (c, next) => {
    const repository = repositories.get(`${c.req.param('owner')}/${c.req.param('repo')}`.toLowerCase());
    if (repository === undefined) return c.json(errorAnswer('Not Found'), 404);
    if (!isAllowed(c.req, c.get('token').permissions))
      return c.json(errorAnswer('Resource not accessible by integration'), 403);
    c.set('repository', repository);
    return next();
  });
  app.route('/repos/:owner/:repo', repositoryRoutes(counter));
  accountRoutes(app);
  app.notFound((c) => c.json(errorAnswer('Not Found'), 404));
  return app;
};

const accountRoutes = (app: Hono<Bindings>): void => {
  app.get('/user', (c) =>
    c.get('token').kind === 'installation'
      ? c.json(errorAnswer('Resource not accessible by integration'), 403)
      : c.json(userAnswer(c.get('token').account)),
  );
  app.post('/graphql', (c) => {
    const { login, id } = c.get('token').account;
    return c.json({ data: { viewer: { login, databaseId: id } } });
  });
  const rate = { limit: 5000, remaining: 4999, used: 1, reset: 1_795_000_000 };
  app.get('/rate_limit', (c) => c.json({ resources: { core: rate }, rate }));
};

/** The permissions of `contracts.md` 4.5: whatever needs more answers 403. */
const isAllowed = (request: Pick<HonoRequest, 'path' | 'method'>, { contents, pullRequests }: Permissions): boolean => {
  const [, , , , area = ''] = request.path.split('/');
  const isRead = request.method === 'GET';
  if (['contents', 'commits', 'compare'].includes(area)) return contents !== undefined;
  if (area === 'pulls' || area === 'issues') return isRead ? pullRequests !== undefined : pullRequests === 'write';
  return true;
};
