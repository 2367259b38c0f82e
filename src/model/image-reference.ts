/** An image reference in its parts, with the Docker Hub's short forms written out. */
export interface ImageReference {
  /** `ghcr.io`, `registry:5000`, `docker.io`. */
  readonly registry: string;
  /** `acme/shop-api`, `library/postgres`. */
  readonly repository: string;
  readonly tag?: string;
  /** `sha256:` and 64 hexadecimal digits. */
  readonly digest?: string;
}

/** What is wrong with a text that should be one. */
export interface ImageDefect {
  readonly defect: string;
}

// Linear on purpose: the usual expression (`[-]*` between repeated groups) never ends on 40 letters and a `!`.
const segment = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/;
const host = /^[a-z0-9]+(?:[.-]+[a-z0-9]+)*(?::[0-9]{1,5})?$/i;
const tagGrammar = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const digestGrammar = /^sha256:[0-9a-f]{64}$/;

/** The grammar of github.com/distribution/reference; digests are SHA-256. */
export const parseImage = (text: string): ImageReference | ImageDefect => {
  if (text === '') return { defect: 'it is empty' };
  if (text.length > 255 + 130 + 72) return { defect: `it has ${text.length} characters` };
  if (/[^\x21-\x7e]/.test(text)) return { defect: 'it has spaces, control characters or letters beyond ASCII' };
  if (text.includes('://')) return { defect: 'it is a URL; leave the scheme out' };
  const [named = '', ...digests] = text.split('@');
  const digest = digests[0];
  if (digests.length > 1 || (digest !== undefined && !digestGrammar.test(digest)))
    return { defect: 'what follows @ is no sha256 digest of 64 lower-case hexadecimal digits' };
  const colon = named.lastIndexOf(':');
  const tagged = colon > named.lastIndexOf('/'); // else the colon is a port's: registry:5000/x
  const tag = tagged ? named.slice(colon + 1) : undefined;
  if (tag !== undefined && !tagGrammar.test(tag)) return { defect: 'what follows the last : is no tag' };
  const place = locate(tagged ? named.slice(0, colon) : named);
  return 'defect' in place
    ? place
    : { ...place, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) };
};

const locate = (name: string): ImageReference | ImageDefect => {
  const first = name.slice(0, Math.max(0, name.indexOf('/')));
  const hasRegistry = /[.:]/.test(first) || first === 'localhost';
  if (hasRegistry && !host.test(first)) return { defect: 'what stands before the first / is no registry' };
  const registry = hasRegistry ? first.replace(/^index\.docker\.io$/, 'docker.io') : 'docker.io';
  const path = hasRegistry ? name.slice(first.length + 1) : name;
  const repository = registry === 'docker.io' && !path.includes('/') ? `library/${path}` : path;
  if (repository.length > 255) return { defect: 'its repository has more than 255 characters' };
  if (/[A-Z]/.test(repository)) return { defect: 'a repository is written in lower case' };
  if (/^[0-9a-f]{64}$/.test(path)) return { defect: 'a repository can’t be 64 hexadecimal digits' };
  return repository.split('/').every((part) => segment.test(part))
    ? { registry, repository }
    : { defect: 'its repository has a part that is empty or begins, ends or is joined with the wrong character' };
};

/** Whether an image comes from `ghcr.io/acme`, counted in whole path segments: `ghcr.io/acme-evil` doesn't. */
export const comesFrom = ({ registry, repository }: ImageReference, allowed: string): boolean => {
  const [host = '', ...path] = allowed.replace(/\/+$/, '').split('/');
  const wanted = [host.replace(/^index\.docker\.io$/, 'docker.io'), ...path];
  const actual = [registry, ...repository.split('/')];
  return wanted.every((part, index) => actual[index] === part);
};
