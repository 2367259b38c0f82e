import { type Context, Hono } from 'hono';
import { createPublicKey, verify } from 'node:crypto';
import { errorAnswer, userAnswer } from './answers.js';
import type { Counter } from './repository.js';
import type { Bindings } from './bindings.js';
import { accountOf, type Permissions, type Token } from './state.js';

/** A GitHub App that may be asked for tokens. */
export interface FakeApp {
  readonly id: string;
  readonly slug: string;
  /** In PEM. */
  readonly publicKey: string;
  readonly permissions: Permissions;
  /** Its installations' ids by owner. */
  readonly installations: Readonly<Record<string, number>>;
}

/** The endpoints that an App's own signature opens. `tokens` gets what is minted. */
export const appRoutes = (app: FakeApp, tokens: Map<string, Token>, counter: Counter): Hono<Bindings> => {
  const routes = new Hono<Bindings>();
  const bot = accountOf(`${app.slug}[bot]`);
  const signed = (c: Context<Bindings>): boolean => isSigned(app, c.req.header('authorization') ?? '');
  const refused = (c: Context<Bindings>): Response => c.json(errorAnswer('A JSON web token could not be decoded'), 401);
  routes.get('/app', (c) => (signed(c) ? c.json(appAnswer(app)) : refused(c)));
  routes.get('/repos/:owner/:repo/installation', (c) => {
    if (!signed(c)) return refused(c);
    const id = app.installations[c.req.param('owner')];
    return id === undefined
      ? c.json(errorAnswer('Not Found'), 404)
      : c.json(installationAnswer(app, id, c.req.param('owner')));
  });
  routes.post('/app/installations/:id/access_tokens', (c) => {
    if (!signed(c)) return refused(c);
    const owner = Object.entries(app.installations).find(([, id]) => String(id) === c.req.param('id'))?.[0];
    if (owner === undefined) return c.json(errorAnswer('Not Found'), 404);
    const token = `ghs_${owner}${counter.id()}`;
    tokens.set(token, { account: bot, kind: 'installation', permissions: app.permissions, owner });
    return c.json(
      { token, expires_at: '2099-01-01T00:00:00Z', permissions: printed(app.permissions), repository_selection: 'all' },
      201,
    );
  });
  return routes;
};

const isSigned = ({ id, publicKey }: FakeApp, authorization: string): boolean => {
  const [head = '', body = '', signature = ''] = /^bearer (.+)$/i.exec(authorization)?.[1]?.split('.') ?? [];
  const bytes = Buffer.from(signature, 'base64url');
  if (!verify('RSA-SHA256', Buffer.from(`${head}.${body}`), createPublicKey(publicKey), bytes)) return false;
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as {
    iss: string | number;
    iat: number;
    exp: number;
  };
  return String(claims.iss) === id && claims.exp - claims.iat <= 660;
};

const printed = ({ contents, pullRequests, deployments, statuses }: Permissions) => ({
  ...{ metadata: 'read', ...(contents && { contents }), ...(pullRequests && { pull_requests: pullRequests }) },
  ...{ ...(deployments && { deployments }), ...(statuses && { statuses }) },
});

const at = '2026-11-01T00:00:00Z';
const addressesOf = (slug: string) => ({
  html_url: `https://github.com/apps/${slug}`,
  external_url: 'https://example.com',
});

const appAnswer = ({ id, slug, permissions }: FakeApp) => ({
  ...{
    id: Number(id),
    slug,
    node_id: 'MDExOkludGVncmF0aW9uMQ==',
    name: slug,
    description: null,
    owner: userAnswer(accountOf('acme')),
  },
  ...{ ...addressesOf(slug), created_at: at, updated_at: at, permissions: printed(permissions), events: [] },
});

const installationAnswer = ({ id: appId, slug, permissions }: FakeApp, id: number, owner: string) => ({
  ...{ id, account: userAnswer(accountOf(owner)), repository_selection: 'all', app_id: Number(appId), app_slug: slug },
  ...{ access_tokens_url: `https://api.github.com/app/installations/${id}/access_tokens` },
  ...{
    repositories_url: 'https://api.github.com/installation/repositories',
    html_url: `https://github.com/settings/installations/${id}`,
  },
  ...{ target_id: accountOf(owner).id, target_type: 'Organization', permissions: printed(permissions), events: [] },
  ...{ created_at: at, updated_at: at, single_file_name: null, suspended_by: null, suspended_at: null },
});
