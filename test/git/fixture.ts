import { createHash } from 'node:crypto';
import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runGit } from './run.js';

/** Anything that can lie at a path: a plain file's text, or another mode with its text (link target) or object id (submodule). */
export type Entry = string | Buffer | { readonly mode: '100755' | '120000' | '160000'; readonly content: string };

export interface RepositoryFixture {
  /** Two levels, `app-<i>/pr-<j>`, as many of each as the square root. @default 0 */
  readonly environments?: number;
  /** Further entries by path. */
  readonly files?: Readonly<Record<string, Entry>>;
  /** @default 'main' */
  readonly branch?: string;
  /** Git configuration on top of the usual, e.g. `uploadpackfilter.tree.maxDepth`. */
  readonly config?: Readonly<Record<string, string>>;
}

const usual = {
  'http.receivepack': 'true',
  'uploadpack.allowFilter': 'true',
  'gc.auto': '0',
  'receive.autogc': 'false',
  'receive.denyNonFastForwards': 'true',
  'receive.fsckObjects': 'true',
};

/** A bare repository with one commit, or none when there is nothing to hold. */
export const createRepository = async (directory: string, fixture: RepositoryFixture = {}): Promise<void> => {
  const { environments = 0, files = {}, branch = 'main', config = {} } = fixture;
  await mkdir(directory, { recursive: true });
  await runGit(directory, ['init', '--quiet', '--bare', `--initial-branch=${branch}`]);
  await appendFile(
    join(directory, 'config'),
    Object.entries({ ...usual, ...config })
      .map(settingOf)
      .join(''),
  );
  const entries = { ...environmentFiles(environments), ...files };
  if (Object.keys(entries).length > 0) await addCommit(directory, { entries, branch });
};

const settingOf = ([key, value]: readonly [string, string]): string => {
  const [section = '', ...rest] = key.split('.');
  const name = rest.pop() ?? '';
  return `[${section}${rest.length === 0 ? '' : ` "${rest.join('.')}"`}]\n\t${name} = ${value}\n`;
};

/** One commit on top of a branch, as somebody else would make it. Undefined: remove the path. */
export const addCommit = async (
  directory: string,
  commit: { readonly entries: Readonly<Record<string, Entry | undefined>>; readonly branch?: string },
): Promise<string> => {
  const { entries, branch = 'main' } = commit;
  const ref = `refs/heads/${branch}`;
  const parent = await runGit(directory, ['rev-parse', '--verify', '--quiet', ref]).catch(() => undefined);
  const stream = [
    Buffer.from(`commit ${ref}\ncommitter Fixture <fixture@example.com> 1700000000 +0000\ndata 8\nfixture\n\n`),
    Buffer.from(parent === undefined ? '' : `from ${parent}\n`),
    ...Object.entries(entries).map(([path, entry]) => lineOf(path, entry)),
    Buffer.from('\ndone\n'),
  ];
  await runGit(directory, ['fast-import', '--quiet', '--done'], Buffer.concat(stream));
  return runGit(directory, ['rev-parse', ref]);
};

const lineOf = (path: string, entry: Entry | undefined): Buffer => {
  if (entry === undefined) return Buffer.from(`D ${path}\n`);
  const plain = typeof entry === 'string' || Buffer.isBuffer(entry);
  const { mode, content } = plain ? { mode: '100644', content: entry } : entry;
  if (mode === '160000') return Buffer.from(`M 160000 ${content.toString()} ${path}\n`);
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from(`M ${mode} inline ${path}\ndata ${bytes.length}\n`), bytes, Buffer.from('\n')]);
};

/** The id that git gives a directory of plain files, computed without git. */
export const treeIdOf = (files: ReadonlyMap<string, string>): string => hashTree(files).toString('hex');

const hashTree = (files: ReadonlyMap<string, string>): Buffer => {
  const heads = new Map<string, Map<string, string>>();
  for (const [path, text] of files) {
    const [head = '', ...rest] = path.split('/');
    heads.set(head, (heads.get(head) ?? new Map<string, string>()).set(rest.join('/'), text));
  }
  const entries = [...heads].map(([head, below]) => {
    const text = below.get('');
    if (text === undefined) return { key: `${head}/`, line: entryLine(`40000 ${head}`, hashTree(below)) };
    return { key: head, line: entryLine(`100644 ${head}`, hashObject('blob', Buffer.from(text))) };
  });
  entries.sort((a, b) => (a.key < b.key ? -1 : 1));
  return hashObject('tree', Buffer.concat(entries.map(({ line }) => line)));
};

const entryLine = (name: string, id: Buffer): Buffer => Buffer.concat([Buffer.from(`${name}\0`), id]);

const hashObject = (type: string, content: Buffer): Buffer =>
  createHash('sha1').update(`${type} ${content.length}\0`).update(content).digest();

const environmentFiles = (count: number): Readonly<Record<string, string>> => {
  const applications = Math.max(1, Math.ceil(Math.sqrt(count)));
  const names = Array.from(
    { length: count },
    (_, n) => `app-${n % applications}/pr-${Math.floor(n / applications) + 1}`,
  );
  return Object.fromEntries(
    names.flatMap((name) =>
      Object.entries(filesOf(name)).map(([path, text]) => [`environments/${name}/${path}`, text]),
    ),
  );
};

/** Twelve files and 13 KB, as a real environment has; which name, and optionally which version, is all that varies. */
export const filesOf = (name: string, version = '1'): Readonly<Record<string, string>> => ({
  'environment.json': `{ "name": "${name}", "version": "${version}" }\n`,
  'README.md': `# ${name}\n`,
  ...Object.fromEntries(
    Array.from({ length: 10 }, (_, n) => [
      `manifests/part-${n}.yaml`,
      `name: ${name}\nversion: '${version}'\ntext: '${`${name} ${version} ${n} `.repeat(90).slice(0, 1200)}'\n`,
    ]),
  ),
});
