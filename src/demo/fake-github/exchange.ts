import type { MiddlewareHandler } from 'hono';
import type { Bindings } from './bindings.js';

/** One request and its answer, bodies read as JSON where there is one. */
export interface Exchange {
  readonly method: string;
  /** Percent-encoded as it came, without the base path. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly sent: unknown;
  readonly status: number;
  readonly answer: unknown;
}

const parsed = (text: string): unknown => (text === '' ? undefined : (JSON.parse(text) as unknown));

/** Hands on what passes, unchanged. */
export const observer =
  (observe: (exchange: Exchange) => void, prefix: string): MiddlewareHandler<Bindings> =>
  async (c, next) => {
    const sent = parsed(await c.req.text());
    await next();
    const { method } = c.req;
    const url = new URL(c.req.url);
    const answer = parsed(await c.res.clone().text());
    const query = Object.fromEntries(url.searchParams);
    observe({
      method,
      path: url.pathname.startsWith(prefix) ? url.pathname.slice(prefix.length) : url.pathname,
      query,
      sent,
      status: c.res.status,
      answer,
    });
  };
