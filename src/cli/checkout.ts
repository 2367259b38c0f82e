import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What a work tree is of, read from its `.git` folder without running anything that the tree could have prepared. */
export interface Checkout {
  /** `owner/name` of the remote. */
  readonly repository?: string;
  readonly head?: string;
}

/** The checkout that a folder lies in; undefined: none. */
export function checkoutOf(directory: string): Checkout | undefined {
  const git = join(directory, '.git');
  if (!existsSync(git)) return dirname(directory) === directory ? undefined : checkoutOf(dirname(directory));
  if (!statSync(git).isDirectory()) return {};
  const url = /^\s*url\s*=\s*(\S+)\s*$/m.exec(text(join(git, 'config')))?.[1];
  const repository = url === undefined ? undefined : /[/:]([^/:]+\/[^/]+?)(?:\.git)?\/?$/.exec(url)?.[1];
  const head = headIn(git);
  return { ...(repository !== undefined && { repository }), ...(head !== undefined && { head }) };
}

const sha = /^[0-9a-f]{40}$/;

function headIn(git: string): string | undefined {
  const head = text(join(git, 'HEAD')).trim();
  if (sha.test(head)) return head;
  const ref = /^ref: (refs\/[^\s]+)$/.exec(head)?.[1];
  if (ref === undefined || ref.includes('..')) return undefined;
  const loose = text(join(git, ref)).trim();
  if (sha.test(loose)) return loose;
  const packed = text(join(git, 'packed-refs'))
    .split('\n')
    .find((line) => line.endsWith(` ${ref}`));
  return packed?.slice(0, 40);
}

const text = (path: string): string => (existsSync(path) && statSync(path).isFile() ? readFileSync(path, 'utf8') : '');
