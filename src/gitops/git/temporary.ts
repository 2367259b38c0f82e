import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Remote } from './remote.js';

const prefix = 'bivouac-git-';
const dayMs = 86_400_000;

/** A bare repository of our own in a private directory (0700), made without a process. It never holds a token. */
export const createTemporary = async (remote: Remote): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), prefix));
  await Promise.all([
    mkdir(join(directory, 'objects')),
    mkdir(join(directory, 'refs')),
    writeFile(join(directory, 'HEAD'), 'ref: refs/heads/none\n'),
    writeFile(join(directory, 'config'), configOf(remote)),
  ]);
  return directory;
};

export const removeTemporary = (directory: string): Promise<void> => rm(directory, { recursive: true, force: true });

/** Removes what killed runs left, once it is older than a day by the new directory's own time. Best effort. */
export const sweepTemporaries = async (besides: string): Promise<void> => {
  const { mtimeMs: now, uid } = await stat(besides);
  const names = (await readdir(tmpdir()).catch(() => [])).filter((name) => name.startsWith(prefix));
  for (const directory of names.map((name) => join(tmpdir(), name))) {
    const found = await stat(directory).catch(() => undefined);
    if (found === undefined || found.uid !== uid || now - found.mtimeMs < dayMs) continue;
    await removeTemporary(directory).catch(() => undefined);
  }
};

/**
 * The hardening stands here since simple-git refuses it as `-c`. `followRedirects = false` is what keeps the token at home;
 * `lowSpeedTime` (seconds) lets git itself end a silent transfer. The promisor settings are missing on purpose: a push would fetch lazily.
 */
const configOf = (remote: Remote): string => `[core]
	repositoryformatversion = 1
	bare = true
	hooksPath = /dev/null
	autocrlf = false
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
	lowSpeedLimit = 1
	lowSpeedTime = 60
[protocol]
	allow = never
[protocol "${remote.kind}"]
	allow = always
`;

const quote = (value: string): string => `"${value.replace(/[\\"]/g, '\\$&')}"`;
