import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import type { AddressInfo } from 'node:net';

/** One moment of one Application, as far as anybody reads it. */
export interface ArgoCdMoment {
  /** What it has compared with. @default nothing yet */
  readonly revision?: () => Promise<string>;
  /** @default Synced */
  readonly sync?: string;
  /** @default Healthy */
  readonly health?: string;
  /** @default Succeeded */
  readonly phase?: string;
  readonly message?: string;
  readonly images?: readonly string[];
  readonly isDeleting?: boolean;
  readonly nodes?: readonly unknown[];
}

export interface FakeArgoCd {
  readonly url: string;
  readonly token: string;
  /** `GET /api/v1/…`, without what is asked for; the answer's status in front. */
  readonly requests: readonly string[];
  /** Moments of an Application, one a poll, the last for ever; `absent`: there is none. */
  show(name: string, ...moments: readonly (ArgoCdMoment | 'absent')[]): void;
  /** So many requests are answered with this status. */
  fail(status: 401 | 403 | 503, times: number): void;
  stop(): Promise<void>;
}

/** Argo CD's REST API on loopback, that plays what it is told: for the command line as a child process. */
export const startFakeArgoCd = async (): Promise<FakeArgoCd> => {
  const token = 'canary-argo.t0ken-93bd';
  const scripts = new Map<string, readonly (ArgoCdMoment | 'absent')[]>();
  const requests: string[] = [];
  let failing = { status: 503 as 401 | 403 | 503, times: 0 };
  const current = new Map<string, ArgoCdMoment | 'absent'>();
  const now = (name: string): ArgoCdMoment | undefined => {
    const moment = current.get(name) ?? 'absent';
    return moment === 'absent' ? undefined : moment;
  };
  const poll = (name: string): void => {
    const [next = 'absent', ...rest] = scripts.get(name) ?? [];
    current.set(name, next);
    if (rest.length > 0) scripts.set(name, rest);
  };
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    requests.push(`${c.res.status} ${c.req.method} ${c.req.path}`);
  });
  app.use(async (c, next) => {
    if (failing.times > 0) {
      failing = { ...failing, times: failing.times - 1 };
      return c.json({ error: 'no', code: 7, message: 'no, not today' }, failing.status);
    }
    if (c.req.header('authorization') === `Bearer ${token}`) return next();
    return c.json({ error: 'no session information', code: 16, message: 'no session information' }, 401);
  });
  app.use('/api/v1/applications/*', async (c, next) =>
    c.req.query('project') === undefined
      ? c.json({ error: 'permission denied', code: 7, message: 'permission denied' }, 403)
      : next(),
  );
  const missing = { error: 'applications.argoproj.io not found', code: 5, message: 'not found' };
  app.get('/api/v1/applications/:name', async (c) => {
    const { name } = c.req.param();
    if (c.req.query('refresh') === undefined) poll(name);
    const moment = now(name);
    if (moment === undefined) return c.json(missing, 404);
    return c.json(applicationOf(name, moment, (await moment.revision?.()) ?? ''));
  });
  app.get('/api/v1/applications/:name/resource-tree', (c) => {
    const moment = now(c.req.param('name'));
    return moment === undefined ? c.json(missing, 404) : c.json({ nodes: moment.nodes ?? [] });
  });
  app.get('/api/v1/applications/:name/events', (c) => c.json({ items: [] }));
  app.get('/api/v1/applicationsets/:name', (c) =>
    c.json({
      metadata: { name: c.req.param('name') },
      status: { conditions: [{ type: 'ErrorOccurred', status: 'False', message: 'all is well' }] },
    }),
  );
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
  if (!server.listening) await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    requests,
    show: (name, ...moments) => void scripts.set(name, moments),
    fail: (status, times) => {
      failing = { status, times };
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
};

const at = '2026-11-23T10:04:05Z';

const applicationOf = (name: string, moment: ArgoCdMoment, revision: string) => {
  const { sync = 'Synced', health = 'Healthy', phase = 'Succeeded' } = moment;
  const [application = '', ...environment] = name.split('-');
  return {
    metadata: {
      name,
      finalizers: ['resources-finalizer.argocd.argoproj.io'],
      ...(moment.isDeleting === true && { deletionTimestamp: at }),
    },
    spec: {
      source: { path: `environments/${application}/${environment.join('-')}/manifests` },
      destination: { namespace: name },
    },
    status: {
      sync: { status: sync, revision },
      health: { status: health },
      reconciledAt: at,
      operationState: {
        phase,
        startedAt: at,
        finishedAt: at,
        ...(moment.message !== undefined && { message: moment.message }),
        syncResult: { revision },
      },
      conditions: [],
      summary: { images: moment.images ?? [] },
    },
  };
};
