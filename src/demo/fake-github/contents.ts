import type { Context } from 'hono';
import { errorAnswer } from './answers.js';
import type { RepositoryState } from './state.js';

/** `GET /contents/{path}?ref=`: files in base64, folders as lists, links and submodules by their type. */
export const contentsAnswer = (c: Context, repository: RepositoryState): Response => {
  const path = c.req.param('path') ?? '';
  const ref = c.req.query('ref') ?? 'main';
  const sha = repository.refs.get(ref) ?? ref;
  const isKnown =
    repository.files.has(sha) ||
    [...repository.refs.values()].includes(sha) ||
    [...repository.pullRequests.values()].some((pull) => pull.headSha === sha || pull.baseSha === sha);
  if (!isKnown) return c.json(errorAnswer(`No commit found for the ref ${ref}`), 404);
  const entry = repository.files.get(sha)?.get(path);
  if (entry === undefined) return c.json(errorAnswer('Not Found'), 404);
  const base = entryAnswer(repository, path, c.req.url);
  if (typeof entry !== 'string') {
    if (entry.type === 'dir') return c.json([{ ...base, type: 'file', size: 1 }]);
    if (entry.type === 'submodule')
      return c.json({ ...base, type: 'submodule', size: 0, submodule_git_url: 'git://example.com/x.git' });
    return c.json({ ...base, type: 'symlink', size: 8, target: '/etc/passwd' });
  }
  const bytes = Buffer.from(entry);
  const content = bytes.toString('base64').replace(/(.{60})/g, '$1\n');
  return c.json({ ...base, type: 'file', size: bytes.length, encoding: 'base64', content });
};

const entryAnswer = ({ name }: RepositoryState, path: string, url: string) => {
  const sha = 'd'.repeat(40);
  const git = `https://api.github.com/repos/${name}/git/blobs/${sha}`;
  const html = `https://github.com/${name}/blob/main/${path}`;
  const file = { name: path.split('/').at(-1), path, sha, url, git_url: git, html_url: html, download_url: html };
  return { ...file, _links: { self: url, git, html } };
};
