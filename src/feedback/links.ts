import type { Config } from '../config/config.js';
import { directoryOf, type EnvironmentId } from '../model/names.js';
import type { CommitSha, ForgeKind } from '../model/pull-request.js';

export interface GitOpsLinks {
  /** Undefined: the repository has no web page that we know of, being a local path, say. */
  readonly folder: string | undefined;
  readonly commit: (sha: CommitSha) => string | undefined;
}

const trees: Readonly<Record<ForgeKind, string>> = { github: 'tree', gitlab: '-/tree', gitea: 'src/branch' };
const commits: Readonly<Record<ForgeKind, string>> = { github: 'commit', gitlab: '-/commit', gitea: 'commit' };

/** Where people see the environment's folder and its commits. Names in addresses of repositories are left out. */
export const gitOpsLinks = ({ gitops, forge }: Pick<Config, 'gitops' | 'forge'>, id: EnvironmentId): GitOpsLinks => {
  const page = pageOf(gitops.repository);
  const below = (path: string): string | undefined => (page === undefined ? undefined : `${page}/${path}`);
  const branch = gitops.branch.split('/').map(encodeURIComponent).join('/');
  return {
    folder: below(`${trees[forge.kind]}/${branch}/${directoryOf(id)}`),
    commit: (sha) => below(`${commits[forge.kind]}/${sha}`),
  };
};

const pageOf = (repository: string): string | undefined => {
  const ssh = /^(?:ssh:\/\/)?git@([\w.-]+)[:/](.+)$/.exec(repository);
  const address = ssh === null ? repository : `https://${ssh[1]}/${ssh[2]}`;
  if (!/^https?:\/\//.test(address) || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  return `${url.origin}${url.pathname.replace(/\/+$/, '').replace(/\.git$/, '')}`;
};
