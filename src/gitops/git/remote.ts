import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { userError, type BivouacError } from '../../model/errors.js';

/** A GitOps repository's address, checked. */
export interface Remote {
  readonly kind: 'https' | 'http' | 'ssh' | 'file';
  /** As git gets it; holds no credentials. */
  readonly url: string;
  /** With the port; empty for a local path. */
  readonly host: string;
}

const scpLike = /^[A-Za-z0-9._][A-Za-z0-9._-]*@([A-Za-z0-9][A-Za-z0-9.-]*):(?!\/\/)[^\s:]+$/;
const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

const unprintable = /[\u0000-\u001f\u007f]/;

/** https, ssh (also `git@host:path`), an absolute path or file URL; http on this machine alone. @throws UserError InvalidRemote */
export const parseRemote = (text: string): Remote => {
  if (unprintable.test(text) || text !== text.trim()) throw invalid(text, 'it holds a space or control character');
  if (isAbsolute(text)) return { kind: 'file', url: text, host: '' };
  const scp = scpLike.exec(text);
  if (scp) return { kind: 'ssh', url: text, host: scp[1] ?? '' };
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw invalid(text, 'it is neither an address nor an absolute path');
  if (url.password !== '' || (url.username !== '' && url.protocol !== 'ssh:'))
    throw invalid(text, 'it holds credentials', 'Take them out; the token belongs into BIVOUAC_GITOPS_TOKEN.');
  return ofScheme(url, text);
};

const ofScheme = (url: URL, text: string): Remote => {
  const at = { url: text, host: url.host };
  if (url.protocol === 'https:') return { kind: 'https', ...at };
  if (url.protocol === 'ssh:' && !url.hostname.startsWith('-')) return { kind: 'ssh', ...at };
  if (url.protocol === 'file:' && url.host === '') return { kind: 'file', url: fileURLToPath(url), host: '' };
  if (url.protocol === 'http:' && loopback.test(url.hostname)) return { kind: 'http', ...at };
  if (url.protocol === 'http:') throw invalid(text, 'http would send the token in the clear', 'Write https.');
  throw invalid(text, `${url.protocol} isn’t allowed`);
};

const branchName = /^[A-Za-z0-9_][A-Za-z0-9._/-]{0,199}$/;

/** Git's rules and stricter. @throws UserError InvalidBranch */
export const checkBranch = (branch: string): string => {
  const plain = branchName.test(branch) && !/\.\.|\/\/|\/\.|[./]$|\.lock(?:\/|$)/.test(branch);
  if (plain) return branch;
  throw userError('InvalidBranch', `${JSON.stringify(branch.slice(0, 80))} is no branch name that Bivouac takes`, {
    where: 'gitops.branch',
    remedy: 'Use letters, digits, dots, dashes and slashes, e.g. main.',
  });
};

/** Takes the credentials out of every address in a text. */
export const withoutCredentials = (text: string): string => text.replace(/(:\/\/)[^/@\s]*@/g, '$1***@');

const invalid = (text: string, why: string, remedy?: string): BivouacError =>
  userError(
    'InvalidRemote',
    `${JSON.stringify(withoutCredentials(text.slice(0, 200)))} is no GitOps repository: ${why}`,
    {
      where: 'gitops.repository',
      remedy:
        remedy ?? 'Write e.g. https://github.com/acme/gitops.git, git@github.com:acme/gitops.git or an absolute path.',
    },
  );
