import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context, MiddlewareHandler } from 'hono';
import type { Bindings } from './bindings.js';
import type { Fault } from './state.js';

export interface FaultScript {
  readonly add: (fault: Fault) => void;
  readonly middleware: MiddlewareHandler<Bindings>;
}

/** Faults are used up in the order in which they were added. */
export const createFaults = (): FaultScript => {
  const pending: { fault: Fault; left: number }[] = [];
  const take = (c: Context, when: Fault['when']): Fault | undefined => {
    const entry = pending.find(
      ({ fault, left }) =>
        left > 0 && fault.when === when && fault.method === c.req.method && fault.path.test(c.req.path),
    );
    if (entry !== undefined) entry.left -= 1;
    return entry?.fault;
  };
  return {
    add: (fault) => void pending.push({ fault, left: fault.times ?? 1 }),
    middleware: async (c, next) => {
      const before = take(c, 'before');
      if (before !== undefined) return fail(c, before, undefined);
      await next();
      const after = take(c, 'after');
      if (after !== undefined) {
        const body = await c.res.clone().text();
        c.res = undefined; // else hono merges the headers of both
        c.res = fail(c, after, body);
      }
      return undefined;
    },
  };
};

const fail = (c: Context<Bindings>, { as }: Fault, body: string | undefined): Response => {
  const { incoming, outgoing } = c.env;
  if (typeof as === 'object')
    return new Response(JSON.stringify(as.body ?? { message: `fault ${as.status}` }), {
      status: as.status,
      headers: { 'content-type': 'application/json', ...as.headers },
    });
  if (as === 'reset') incoming.socket.resetAndDestroy();
  if (as === 'truncated') {
    const text = body ?? '{"id": 1}';
    outgoing.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length });
    outgoing.write(text.slice(0, text.length / 2), () => incoming.socket.destroy());
  }
  return RESPONSE_ALREADY_SENT; // `silent`: nobody ever answers
};
