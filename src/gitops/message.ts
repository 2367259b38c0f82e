import { printId, type EnvironmentId } from '../model/names.js';
import type { RemovedReason } from '../model/outcome.js';
import {
  printPullRequest,
  shortSha,
  type CommitSha,
  type ForgeKind,
  type PullRequestNumber,
  type RepositoryName,
} from '../model/pull-request.js';
import type { CommitMessage } from './port.js';

/** What was done to the environment. */
export type Deed =
  | { readonly verb: 'create' | 'update' | 'extend' | 'sleep' | 'wake' }
  | { readonly verb: 'remove' | 'tear down'; readonly reason: RemovedReason };

/** All that a commit may say: nothing else of a pull request gets into Git. */
export interface CommitFacts {
  readonly id: EnvironmentId;
  readonly deed: Deed;
  readonly repository: RepositoryName;
  readonly headSha: CommitSha;
  readonly forge: { readonly kind: ForgeKind; readonly url: string };
  /** Absent: an environment without one. */
  readonly pullRequest?: PullRequestNumber;
  /** Login of the pull request's author; left out where it isn't a plain login. */
  readonly author?: string;
  /** `sha256:…`; absent for a removal and for what loads no charts. */
  readonly bundle?: string;
  /** Of Bivouac. */
  readonly version: string;
}

const pullRequestPath = { github: 'pull', gitlab: '-/merge_requests', gitea: 'pulls' } as const;
const login = /^[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,98}[A-Za-z0-9])?(?:\[bot\])?$/;

/** The commit of one environment, `contracts.md` 2.3. */
export const commitMessage = (facts: CommitFacts): CommitMessage => {
  const { id, forge, repository, pullRequest, bundle } = facts;
  const source = `${forge.url.replace(/\/+$/, '')}/${repository}`;
  const author = facts.author !== undefined && login.test(facts.author) ? facts.author : undefined;
  return {
    subject: `${printId(id)}: ${deedOf(facts)}`,
    trailers: [
      ['Bivouac-Environment', printId(id)],
      ...given('Bivouac-Pull-Request', pullRequest && `${source}/${pullRequestPath[forge.kind]}/${pullRequest}`),
      ...given('Bivouac-Bundle', bundle),
      ['Bivouac-Version', facts.version],
      ['Argocd-reference-commit-sha', facts.headSha],
      ['Argocd-reference-commit-repourl', source],
      ...given('Argocd-reference-commit-author', author && `${author} <${author}@users.noreply.${hostOf(forge.url)}>`),
    ],
  };
};

const deedOf = ({ deed, headSha, repository, pullRequest }: CommitFacts): string => {
  if ('reason' in deed) return `${deed.verb} (${deed.reason === 'TornDown' ? 'torn down' : deed.reason.toLowerCase()})`;
  const number = pullRequest === undefined ? repository : printPullRequest({ repository, number: pullRequest });
  const preposition = { create: ' at', update: ' to', extend: '', sleep: '', wake: '' }[deed.verb];
  return `${deed.verb}${preposition && `${preposition} ${shortSha(headSha)}`} (${number})`;
};

const given = (key: string, value: string | 0 | undefined): readonly (readonly [string, string])[] =>
  value ? [[key, value]] : [];

const hostOf = (url: string): string => url.replace(/^[a-z]+:\/\//, '').replace(/[/:].*$/, '');
