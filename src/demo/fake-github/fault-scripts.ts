import type { Fault } from './state.js';

type Where = Pick<Fault, 'method' | 'path'>;

/** What goes wrong between a client and GitHub, ready to be added. */
export const faultScripts = {
  /** It was done; the line is cut before the answer comes. */
  resetAfterEffect: (where: Where): Fault => ({ ...where, when: 'after', as: 'reset' }),
  /** It was done; a proxy says that it wasn't. */
  badGatewayAfterEffect: (where: Where): Fault => ({
    ...where,
    when: 'after',
    as: { status: 502, body: { message: 'Bad Gateway' } },
  }),
  /** It was done; half of the answer comes. */
  truncated: (where: Where): Fault => ({ ...where, when: 'after', as: 'truncated' }),
  secondaryLimit: (where: Where, seconds = 60): Fault => ({
    ...where,
    when: 'before',
    as: {
      status: 403,
      headers: { 'retry-after': String(seconds) },
      body: { message: 'You have exceeded a secondary rate limit.', documentation_url: 'https://docs.github.com/rest' },
    },
  }),
  /** The next page is said to be somewhere else. */
  foreignLink: (where: Where, url: string): Fault => ({
    ...where,
    when: 'after',
    as: { status: 200, headers: { link: `<${url}>; rel="next"` }, body: [] },
  }),
} as const;
