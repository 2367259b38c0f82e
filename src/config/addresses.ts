import { type Problem, quote } from './issue.js';
import type { Rule } from './rules.js';

/** A remote's host (lower case, without port) and path (`acme/gitops`), or a path on the local disk. */
export type RepositoryAddress =
  | { readonly kind: 'remote'; readonly host: string; readonly path: string }
  | { readonly kind: 'local'; readonly path: string };

const remedy = 'Write https://host/owner/name.git, git@host:owner/name.git, ssh://…, or a path beginning with ./ or /.';

/** Where the GitOps repository is. An allow-list: Git also knows transports that run commands (`ext::`). */
export const readAddress = (text: string): RepositoryAddress | Problem => {
  if (text === '' || text.length > 500 || /[\s\p{C}]/u.test(text) || text.startsWith('-') || text.includes('::'))
    return { message: `${quote(text)} is no address of a repository.`, remedy };
  if (/^(?:\.|\/|[A-Za-z]:[\\/])/.test(text)) return { kind: 'local', path: text };
  const scp = /^(?:[A-Za-z0-9._-]+@)?([A-Za-z0-9.-]{2,253}|\[[0-9a-fA-F:.]+\]):(?!\/\/)(.+)$/.exec(text);
  if (scp !== null) return { kind: 'remote', host: (scp[1] ?? '').toLowerCase(), path: bare(scp[2] ?? '') };
  const url = /^(?:https?|ssh):\/\//.test(text) ? readUrl(text) : undefined;
  if (url === undefined) return { message: `${quote(text)} is no address of a repository.`, remedy };
  return urlProblem(url) ?? { kind: 'remote', host: url.hostname.toLowerCase(), path: bare(url.pathname) };
};

const bare = (path: string): string =>
  path
    .replace(/^\/+/, '')
    .replace(/\/+$/, '')
    .replace(/\.git$/, '');

const readUrl = (text: string): URL | undefined => {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
};

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

const urlProblem = (url: URL): Problem | undefined => {
  // the address isn't printed: it may hold the secret
  if (url.password !== '' || (url.username !== '' && url.protocol !== 'ssh:'))
    return {
      message: 'an address must not hold credentials: it is shown and stored.',
      remedy: 'Take them out and set BIVOUAC_GITOPS_TOKEN.',
    };
  if (url.search !== '' || url.hash !== '') return { message: 'an address has neither ? nor #.', remedy };
  if (url.protocol === 'http:' && !loopback.test(url.hostname))
    return { message: 'http:// would send the token in the open.', remedy: 'Write https://.' };
  return bare(url.pathname) === '' ? { message: `${quote(url.href)} names no repository.`, remedy } : undefined;
};

export const addressRule: Rule = (text) => {
  const read = readAddress(text);
  return 'kind' in read ? undefined : read;
};

/** A server's URL: https, or http on this machine; no credentials, query or fragment. */
export const serverRule: Rule = (text) => {
  const url = /^https?:\/\//.test(text) && !/[\s\p{C}]/u.test(text) ? readUrl(text) : undefined;
  if (url === undefined)
    return { message: `${quote(text)} is no URL.`, remedy: 'Write e.g. https://argocd.example.com.' };
  if (url.username !== '' || url.password !== '')
    return { message: 'a URL must not hold credentials.', remedy: 'Take them out and set the variable of the token.' };
  if (url.search !== '' || url.hash !== '') return { message: 'a URL has neither ? nor # here.' };
  return url.protocol === 'https:' || loopback.test(url.hostname)
    ? undefined
    : { message: 'http:// would send the token in the open.', remedy: 'Write https://.' };
};
