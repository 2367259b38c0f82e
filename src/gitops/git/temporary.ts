import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { userError } from '../../model/errors.js';
import { diskFull } from './classify.js';
import type { Remote } from './remote.js';

const prefix = 'bivouac-git-';
const dayMs = 86_400_000;
/** At a time, beginning at a place of chance: in a crowd there are as many as runs. */
const mostSwept = 10;
/** Of this process, which may keep one open for days. */
const live = new Set<string>();

/** A bare repository of our own in a private directory (0700), made without a process. It never holds a token. */
export const createTemporary = async (remote: Remote, patienceMs: number): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), prefix)).catch((error: unknown) => {
    if (isFull(error)) throw diskFull(tmpdir(), error);
    throw userError('NoTemporaryDirectory', `no folder can be made in ${tmpdir()}`, {
      where: 'TMPDIR',
      remedy: 'Let TMPDIR name a folder that can be written.',
      cause: error,
    });
  });
  live.add(directory);
  const writing = [
    mkdir(join(directory, 'objects')),
    mkdir(join(directory, 'refs')),
    writeFile(join(directory, 'HEAD'), 'ref: refs/heads/none\n'),
    writeFile(join(directory, 'config'), configOf(remote, patienceMs)),
  ];
  try {
    await Promise.all(writing);
  } catch (error) {
    await Promise.allSettled(writing);
    await removeTemporary(directory);
    throw isFull(error) ? diskFull(directory, error) : error;
  }
  return directory;
};

const isFull = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');

/** Tried again: a transport that outlives its git may still write there. */
export const removeTemporary = (directory: string): Promise<void> => {
  live.delete(directory);
  return rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
};

/** Makes those of this process look used, so that no other one sweeps them: at least once a day where they stay open longer. */
export const touchTemporaries = async (now: Date): Promise<void> => {
  await Promise.allSettled([...live].map((directory) => utimes(directory, now, now)));
};

/** Removes what killed runs left, once it is older than a day by the new directory's own time, and never what this process uses. Best effort. */
export const sweepTemporaries = async (besides: string): Promise<void> => {
  const { mtimeMs: now, uid } = await stat(besides);
  const names = (await readdir(tmpdir()).catch(() => [])).filter((name) => name.startsWith(prefix)).sort();
  const own = names.indexOf(basename(besides)) + 1;
  const next = [...names.slice(own), ...names.slice(0, own)].slice(0, mostSwept);
  for (const directory of next.map((name) => join(tmpdir(), name))) {
    if (live.has(directory)) continue;
    const found = await stat(directory).catch(() => undefined);
    if (found === undefined || found.uid !== uid || now - found.mtimeMs < dayMs) continue;
    await removeTemporary(directory).catch(() => undefined);
  }
};

/**
 * The hardening stands here since simple-git refuses it as `-c`. `followRedirects = false` is what keeps the token at home;
 * `lowSpeedTime` (seconds) lets git itself end a transfer that is silent, or slower than `lowSpeedLimit` (bytes a second). The promisor settings are missing on purpose: a push would fetch lazily.
 * Nothing here outlives the run: so no `fsync`, and no threads for packs of a few objects.
 */
const configOf = (remote: Remote, patienceMs: number): string => `[core]
	repositoryformatversion = 1
	bare = true
	hooksPath = /dev/null
	autocrlf = false
	fsync = none
[pack]
	threads = 1
[remote "origin"]
	url = ${quote(remote.url)}
	tagOpt = --no-tags
[gc]
	auto = 0
[maintenance]
	auto = false
[fetch]
	unpackLimit = 1
[fastimport]
	unpackLimit = 1
[http]
	followRedirects = false
	lowSpeedLimit = 1000
	lowSpeedTime = ${Math.max(1, Math.round(patienceMs / 1000))}
[protocol]
	allow = never
[protocol "${remote.kind}"]
	allow = always
`;

const quote = (value: string): string => `"${value.replace(/[\\"]/g, '\\$&')}"`;
