import { below, parseForgeUrl } from '../rest/urls.js';

/**
 * Where the REST API of a GitHub lives: `api.` for github.com and `*.ghe.com`, `/api/v3` on a GitHub Enterprise Server.
 * @throws UserError InvalidForgeUrl
 */
export const apiUrlOf = (web: string): string => {
  const { host, hostname } = parseForgeUrl(web);
  return hostname === 'github.com' || hostname.endsWith('.ghe.com') ? `https://api.${host}` : below(web, '/api/v3');
};
