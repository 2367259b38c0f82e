import type { MiddlewareHandler } from 'hono';
import { createHash } from 'node:crypto';
import type { Bindings } from './bindings.js';

/** A tag for every answer to a GET, and 304 without a body for whoever has it. */
export const etags: MiddlewareHandler<Bindings> = async (c, next) => {
  await next();
  if (c.req.method !== 'GET' || c.res.status !== 200) return;
  const tag = `W/"${createHash('sha256')
    .update(await c.res.clone().text())
    .digest('hex')}"`;
  if (c.req.header('if-none-match') === tag) {
    c.res = undefined; // else hono merges the headers of both
    c.res = new Response(null, { status: 304, headers: { etag: tag } });
  } else c.res.headers.set('etag', tag);
};
