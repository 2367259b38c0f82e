import { readdir } from 'node:fs/promises';
import { treeIdOf } from '../../git/fixture.js';
import { runGit } from '../../git/run.js';
import type { LoggedRequest } from '../../git/server.js';
import { tree } from '../support.js';

export interface Claim {
  /** The bare repository behind the server. */
  readonly directory: string;
  /** The branch's commit before the crowd. */
  readonly start: string;
  /** What must be there, by name; undefined: nothing. */
  readonly truths: ReadonlyMap<string, string | undefined>;
  /** Commits since the start: exactly, or at most. @default one for each truth */
  readonly commits?: { readonly atMost: number };
}

/** What speaks against it that nothing was lost and nothing else touched (git-publish.md 6); computed without the publisher. */
export const faultsOfCrowd = async ({ directory, start, truths, commits }: Claim): Promise<readonly string[]> => {
  const git = (...args: readonly string[]): Promise<string> => runGit(directory, args);
  const faults: string[] = [];
  const listed = new Map(
    (await git('ls-tree', '-r', '-d', 'main', 'environments/'))
      .split('\n')
      .map((line) => line.split(/\s+/))
      .map(([, , id = '', path = '']) => [path.replace(/^environments\//, ''), id] as const),
  );
  for (const [name, version] of truths) {
    const wanted = version === undefined ? undefined : treeIdOf(tree(name, version));
    if (listed.get(name) !== wanted) faults.push(`${name} is ${listed.get(name)}, not ${wanted}`);
  }
  const touched = (await git('diff', '--no-renames', '--name-only', start, 'main')).split('\n').filter(Boolean);
  const foreign = touched.filter(
    (path) => ![...truths.keys()].some((name) => path.startsWith(`environments/${name}/`)),
  );
  if (foreign.length > 0) faults.push(`touched ${foreign.slice(0, 3).join(', ')}`);

  const parents = (await git('rev-list', '--parents', `${start}..main`)).split('\n').filter(Boolean);
  if (parents.some((line) => line.split(' ').length !== 2)) faults.push('the history isn’t linear');
  await git('merge-base', '--is-ancestor', start, 'main').catch(() => faults.push('the branch was rewound'));
  const tooMany = commits === undefined ? parents.length !== truths.size : parents.length > commits.atMost;
  if (tooMany) faults.push(`${parents.length} commits for ${truths.size} changes`);

  const queued = await git('for-each-ref', '--format=%(refname)', 'refs/bivouac/');
  if (queued !== '') faults.push(`the queue holds ${queued}`);
  const broken = (await git('fsck', '--connectivity-only', '--no-dangling').catch(String)).trim();
  if (broken !== '') faults.push(broken);
  const locks = (await readdir(directory, { recursive: true })).filter((path) => path.endsWith('.lock'));
  if (locks.length > 0) faults.push(`left ${locks.join(', ')}`);
  return faults;
};

export interface Traffic {
  readonly requests: number;
  readonly megabytes: number;
}

export const trafficOf = (log: readonly LoggedRequest[]): Traffic => ({
  requests: log.length,
  megabytes: log.reduce((sum, { bytesUp, bytesDown }) => sum + bytesUp + bytesDown, 0) / 1e6,
});
