import { userError } from '../../model/errors.js';

const isLoopback = (url: URL): boolean => /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);

/** Tests and the demo: GitHub's pace of writing doesn't apply there, and http is fine. */
export const isLoopbackUrl = (url: string): boolean => URL.canParse(url) && isLoopback(new URL(url));

export const parseForgeUrl = (text: string): URL => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (
    url === undefined ||
    (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url))) ||
    url.username
  )
    throw userError('InvalidForgeUrl', 'the address of the code host must be an https URL without a user name', {
      where: 'forge.url',
      remedy: 'Write forge: { kind: github, url: https://github.com }, or the address of your own server.',
    });
  return url;
};

/** Below the address where people see it. @throws UserError InvalidForgeUrl */
export const below = (web: string, path: string): string => {
  const url = parseForgeUrl(web);
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}${path}`;
};

/** An API address as given, without a slash at its end. @throws UserError InvalidForgeUrl */
export const checkedApiUrl = (text: string): string => parseForgeUrl(text).href.replace(/\/+$/, '');
