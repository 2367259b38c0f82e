import type { Config } from '../config/config.js';
import { parseOverride } from '../config/override.js';
import type { Candidate, Facts } from '../decide/facts.js';
import { needsChangedFiles } from '../decide/gates/paths.js';
import type { CodeHost } from '../forges/port.js';
import { isBivouacError } from '../model/errors.js';
import type { Approval, Override, PullRequest, PullRequestRef, Revision } from '../model/pull-request.js';

/** What the code host says now about whatever an environment is for. Read anew before every attempt to publish. */
export interface Truth {
  readonly pullRequest?: PullRequest;
  /** For a preset without a pull request. */
  readonly revision?: Revision;
  readonly approvals: readonly Approval[];
  readonly override?: Override;
  /** A broken `.bivouac.yaml`, charts that mustn't run: refuses what would be deployed, and never stands in the way of a removal. */
  readonly refusal?: { readonly reason: 'OverrideNotAllowed' | 'UntrustedCharts'; readonly message: string };
  readonly hint?: NonNullable<Facts['hint']>;
}

export const overrideFile = '.bivouac.yaml';

/** The pull request, and what else a decision about it needs; a file or a list that isn't needed is not asked for. */
export async function readPullRequest(
  ref: PullRequestRef,
  candidates: readonly Candidate[],
  { host, config }: { readonly host: CodeHost; readonly config: Config },
): Promise<Truth> {
  const pullRequest = await host.read(ref);
  const hint = {
    ...(ref.headSha !== undefined && { headSha: ref.headSha }),
    ...(ref.pushed !== undefined && { pushed: ref.pushed }),
  };
  if (pullRequest.state === 'closed') return { pullRequest, approvals: [], hint };

  const fork = pullRequest.headRepositoryId !== pullRequest.repositoryId;
  const [changedFiles, approvals, override] = await Promise.all([
    needsPaths(candidates, config) ? host.changedFiles(ref) : undefined,
    fork ? host.approvals(ref) : [],
    readOverride(pullRequest, host),
  ]);
  return {
    pullRequest: changedFiles === undefined ? pullRequest : { ...pullRequest, changedFiles },
    approvals,
    hint,
    ...override,
  };
}

const needsPaths = (candidates: readonly Candidate[], { applications }: Config): boolean =>
  candidates.some(({ id }) => {
    const application = applications.get(id.application);
    return application !== undefined && needsChangedFiles(application.pullRequests);
  });

async function readOverride(
  { repository, headSha }: PullRequest,
  host: CodeHost,
): Promise<Pick<Truth, 'override' | 'refusal'>> {
  try {
    const text = await host.readFile({ repository, path: overrideFile, commit: headSha });
    return text === undefined ? {} : { override: parseOverride(text, overrideFile) };
  } catch (error) {
    if (isBivouacError(error) && error.class === 'UserError')
      return { refusal: { reason: 'OverrideNotAllowed', message: error.message } };
    throw error;
  }
}
