import type { Git } from './command.js';

/** Contents of blobs by id or by `<commit>:<path>`, in the order asked for; undefined: not there, or no file. */
export const readBlobs = async (git: Git, names: readonly string[]): Promise<readonly (string | undefined)[]> => {
  if (names.length === 0) return [];
  const output = await git(['cat-file', '--batch'], { input: `${names.join('\n')}\n` });
  return parseBatch(output, names) ?? (await readOneByOne(git, names));
};

/** Sizes are bytes, and what isn't UTF-8 has changed its size on the way: then undefined. */
const parseBatch = (output: string, names: readonly string[]): readonly (string | undefined)[] | undefined => {
  const bytes = Buffer.from(output);
  const found: (string | undefined)[] = [];
  let at = 0;
  for (const name of names) {
    const end = bytes.indexOf('\n', at);
    const header = bytes.toString('utf8', at, end < 0 ? at : end);
    at = end + 1;
    if (header === `${name} missing`) {
      found.push(undefined);
      continue;
    }
    const [, type, size] = /^[0-9a-f]{40} ([a-z]+) (\d+)$/.exec(header) ?? [];
    if (size === undefined || bytes[at + Number(size)] !== 0x0a) return undefined;
    found.push(type === 'blob' ? bytes.toString('utf8', at, at + Number(size)) : undefined);
    at += Number(size) + 1;
  }
  return at === bytes.length ? found : undefined;
};

const readOneByOne = async (git: Git, names: readonly string[]): Promise<readonly (string | undefined)[]> => {
  const found: (string | undefined)[] = [];
  for (const name of names) {
    const output = await git(['cat-file', '--batch'], { input: `${name}\n` });
    found.push(/^[0-9a-f]{40} blob \d+\n/.test(output) ? output.slice(output.indexOf('\n') + 1, -1) : undefined);
  }
  return found;
};

/** Which of these objects are here. Nothing is fetched: the repository doesn't know that it is a partial one. */
export const presentObjects = async (git: Git, ids: readonly string[]): Promise<ReadonlySet<string>> => {
  if (ids.length === 0) return new Set();
  const output = await git(['cat-file', '--batch-check'], { input: `${ids.join('\n')}\n` });
  return new Set(output.split('\n').flatMap((text) => (/ (?:tree|blob) \d+$/.test(text) ? [text.slice(0, 40)] : [])));
};
