import { userError } from '../../model/errors.js';

const isLoopback = (url: URL): boolean => /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);

/** Tests and the demo: GitHub's pace of writing doesn't apply there, and http is fine. */
export const isLoopbackUrl = (url: string): boolean => URL.canParse(url) && isLoopback(new URL(url));

const parse = (text: string): URL => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (
    url === undefined ||
    (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url))) ||
    url.username
  )
    throw userError('InvalidForgeUrl', 'the address of the code host must be an https URL without a user name', {
      where: 'forge.url',
      remedy: 'Write forge: { kind: github, url: https://github.com } or your GitHub Enterprise Server’s address.',
    });
  return url;
};

/**
 * Where the REST API of a GitHub lives: `api.` for github.com and `*.ghe.com`, `/api/v3` on a GitHub Enterprise Server.
 * @throws UserError InvalidForgeUrl
 */
export const apiUrlOf = (web: string): string => {
  const url = parse(web);
  if (url.hostname === 'github.com' || url.hostname.endsWith('.ghe.com')) return `https://api.${url.host}`;
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}/api/v3`;
};

/** An API address as given, without a slash at its end. @throws UserError InvalidForgeUrl */
export const checkedApiUrl = (text: string): string => parse(text).href.replace(/\/+$/, '');
