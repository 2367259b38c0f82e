import type { FileTree } from '../../src/model/manifest.js';
import { parseId } from '../../src/model/names.js';
import { openGitRepository } from '../../src/gitops/git/repository.js';
import { publish } from '../../src/gitops/publish.js';

/** One environment published as the program does it; no files: removed. Gives the tip, or nothing where all stood so already. */
export const publishOne = async (url: string, name: string, files: FileTree): Promise<string | undefined> => {
  const repository = openGitRepository({
    url,
    branch: 'main',
    environment: { PATH: process.env['PATH'] },
    identity: { name: 'Bivouac', email: 'bivouac@example.com' },
  });
  const message = { subject: `${name}: bench`, trailers: [['Bivouac-Environment', name]] as const };
  const change = { id: parseId(name), files, message };
  const { commit } = await publish(repository, () => Promise.resolve({ plan: '', changes: [change] }), {
    ids: [change.id],
    clock: { now: () => new Date(), wait: (ms) => new Promise((done) => setTimeout(done, ms)), random: Math.random },
  });
  await repository.close();
  return commit.tip;
};
