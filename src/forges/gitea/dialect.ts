import type { Dialect } from '../rest/dialect.js';

export const gitea: Dialect = {
  name: 'Gitea',
  pageSize: { limit: 50 },
  // its links bear the server's own idea of its address, which needn't be the one that reaches it; some lists have a header instead
  nextPage: ({ link, 'x-hasmore': hasMore }, { first, page }) =>
    hasMore === 'true' || /rel="next"/.test(String(link ?? ''))
      ? { route: first.route, parameters: { ...first.parameters, page: page + 1 } }
      : undefined,
  tokenRemedy: 'The token is wrong, expired or missing: set BIVOUAC_GITEA_TOKEN.',
  permissionRemedy:
    'Give the token the scopes write:repository, write:issue and read:user, and its account administrator’s rights on this repository.',
};
