import type { MiddlewareHandler } from 'hono';
import { errorAnswer } from './answers.js';
import type { Bindings } from './bindings.js';

/** GitHub's secondary limits, for one account. https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
export interface RateRules {
  /** Milliseconds. */
  readonly now: () => number;
  /** A reading counts 1, a writing 5. @default 900 */
  readonly pointsPerMinute?: number;
  /** @default 80 */
  readonly contentPerMinute?: number;
  /** @default 500 */
  readonly contentPerHour?: number;
}

interface Use {
  readonly at: number;
  readonly points: number;
  readonly content: number;
}

const minute = 60_000;
const hour = 60 * minute;

/** Counts, and refuses what is too much. A 304 is free. */
export const createRates = (rules: RateRules): MiddlewareHandler<Bindings> => {
  const { now, pointsPerMinute = 900, contentPerMinute = 80, contentPerHour = 500 } = rules;
  let uses: readonly Use[] = [];
  const sum = (key: 'points' | 'content', since: number): number =>
    uses.reduce((total, use) => (use.at > since ? total + use[key] : total), 0);
  return async (c, next) => {
    const at = now();
    uses = uses.filter((use) => use.at > at - hour);
    const reads = c.req.method === 'GET';
    const use = { at, points: reads ? 1 : 5, content: ['POST', 'PUT', 'PATCH'].includes(c.req.method) ? 1 : 0 };
    const isTooMuch =
      sum('points', at - minute) + use.points > pointsPerMinute ||
      (use.content > 0 &&
        (sum('content', at - minute) >= contentPerMinute || sum('content', at - hour) >= contentPerHour));
    if (isTooMuch) {
      c.header('retry-after', '60');
      return c.json(
        errorAnswer('You have exceeded a secondary rate limit. Please wait a few minutes before you try again.'),
        403,
      );
    }
    await next();
    if (c.res.status !== 304) uses = [...uses, use];
    return undefined;
  };
};
