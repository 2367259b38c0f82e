import { readAddress } from '../addresses.js';
import type { Filled } from '../filled.js';
import { compileGlobs } from '../../model/glob.js';
import { type Finding, quote } from '../issue.js';
import { repositoryOf } from '../schema-application.js';

/** Environments on a branch of an application's own repository that pull requests go to: each commit would start the next. */
export const checkLoop = ({ gitops, applications, pullRequests, forge }: Filled): readonly Finding[] => {
  const address = gitops === undefined ? undefined : readAddress(gitops.repository);
  if (gitops === undefined || address === undefined || !('kind' in address) || address.kind === 'local') return [];
  if (address.host !== hostOf(forge)) return [];
  return Object.entries(applications).flatMap(([name, application]) => {
    const own = application.repositories.map(repositoryOf).find((one) => sameText(one.name, address.path));
    const branches = application.pullRequests.baseBranches ?? pullRequests?.baseBranches ?? [];
    if (own === undefined || !compileGlobs(branches)(gitops.branch)) return [];
    return [
      {
        path: ['gitops'],
        message: `${quote(gitops.branch)} of ${own.name} is a branch that pull requests of ${quote(name)} may go to: it would loop.`,
        remedy: 'Use a repository of its own, or a branch that no `baseBranches` pattern matches.',
      },
    ];
  });
};

const sameText = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

const publicHosts: Readonly<Record<string, string>> = { github: 'github.com', gitlab: 'gitlab.com' };

const hostOf = (forge: Filled['forge']): string | undefined =>
  forge?.url === undefined ? publicHosts[forge?.kind ?? 'github'] : new URL(forge.url).hostname.toLowerCase();
