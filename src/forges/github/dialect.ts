import type { Dialect } from '../rest/dialect.js';

export const github: Dialect = {
  name: 'GitHub',
  pageSize: { per_page: 100 },
  nextPage: ({ link }) => {
    const url = /<([^<>]+)>;\s*rel="next"/.exec(String(link ?? ''))?.[1];
    return url === undefined ? undefined : { route: `GET ${url}`, parameters: {} };
  },
  tokenRemedy: 'The token is wrong, expired or missing: set BIVOUAC_GITHUB_TOKEN or GITHUB_TOKEN.',
  permissionRemedy:
    'Give the token contents: read, pull-requests: write and deployments: write on this repository (statuses: write with feedback.status).',
};
