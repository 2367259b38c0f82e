import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openGitRepository } from '../../src/gitops/git/repository.js';
import { publish } from '../../src/gitops/publish.js';
import { runGit } from '../git/run.js';
import { change, nothing, realClock, tree } from '../gitops/support.js';
import type { Case } from '../publish/case.js';
import type { Wish } from '../publish/faults/job.js';
import { demand, proveHistory, queueOf } from '../publish/faults/proof.js';
import { connectForge, type Forge } from './forge.js';

const forge = connectForge();

/** A repository of its own for a case. */
export interface Place {
  readonly forge: Forge;
  readonly name: string;
  readonly url: string;
  readonly token: string;
}

export const open = ({ url, token }: Pick<Place, 'url' | 'token'>) =>
  openGitRepository({
    ...{ url, token, branch: 'main', environment: { PATH: process.env['PATH'] } },
    identity: { name: 'Bivouac', email: 'bivouac@example.com' },
  });

export const changesOf = (wishes: readonly Wish[]) =>
  wishes.map(({ name, version }) => change(name, version === undefined ? nothing : tree(name, version)));

/** Publishes them in one push. */
export const put = async (place: Pick<Place, 'url' | 'token'>, ...wishes: readonly Wish[]) => {
  const repository = open(place);
  const changes = changesOf(wishes);
  try {
    const ids = changes.map(({ id }) => id);
    return await publish(repository, () => Promise.resolve({ plan: '', changes }), { ids, clock: realClock() });
  } finally {
    await repository.close();
  }
};

/** All that the forge holds, as a bare repository. */
export const fetchAll = async ({ forge: { url, owner, token }, name }: Place): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), 'forge-'));
  const address = `${url.replace('://', `://${owner}:${token}@`)}/${owner}/${name}.git`;
  await runGit(directory, ['clone', '--quiet', '--mirror', address, '.']);
  return directory;
};

/** The forge holds these, one commit each, and nothing else since `start`. */
export const proveAll = async (place: Place, start: string | undefined, wishes: readonly Wish[]): Promise<void> => {
  const directory = await fetchAll(place);
  await proveHistory(directory, { start, wishes, foreign: [] });
  demand((await queueOf(directory)) === '', 'the queue isn’t empty');
  await rm(directory, { recursive: true });
};

/** No version: it shall go. */
export const pr = (number: number, version?: string): Wish => ({
  name: `app-${number % 4}/pr-${number}`,
  ...(version !== undefined && { version }),
});

/** A case with a fresh repository; skipped where no forge was named. */
export const inRepository =
  (play: (place: Place) => Promise<string | undefined>): Case['run'] =>
  async () => {
    if (forge === undefined) return { skipped: 'FORGE_URL isn’t set' };
    const name = await forge.createRepository();
    return play({ forge, name, url: `${forge.url}/${forge.owner}/${name}.git`, token: forge.token });
  };

/** Removes what was made. */
export const end = async (): Promise<void> => forge?.end();
