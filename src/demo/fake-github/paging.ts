import type { Context } from 'hono';

/** One page of a list, with GitHub's `Link` header: 30 entries unless asked otherwise, 100 at most. */
export const answerPage = (c: Context, entries: readonly object[]): Response => {
  const size = Math.min(Number(c.req.query('per_page') ?? 30) || 30, 100);
  const page = Math.max(Number(c.req.query('page') ?? 1) || 1, 1);
  const last = Math.max(Math.ceil(entries.length / size), 1);
  const linkTo = (to: number, rel: string): string => {
    const url = new URL(c.req.url);
    url.searchParams.set('page', String(to));
    return `<${url.href}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [linkTo(page - 1, 'prev'), linkTo(1, 'first')] : []),
    ...(page < last ? [linkTo(page + 1, 'next'), linkTo(last, 'last')] : []),
  ];
  if (links.length > 0) c.header('link', links.join(', '));
  return c.json(entries.slice((page - 1) * size, page * size));
};
