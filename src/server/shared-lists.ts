import type { CodeHost } from '../forges/port.js';
import type { Clock } from '../model/clock.js';
import type { PullRequest, RepositoryName } from '../model/pull-request.js';

/** How old an answer may be; milliseconds. */
const sharedMs = 2_000;

/** The limits ask for the open pull requests at every new environment: in a rush one answer serves all who ask. */
export const sharedLists = (host: Pick<CodeHost, 'listOpen'>, clock: Clock): CodeHost['listOpen'] => {
  const lists = new Map<RepositoryName, { readonly at: number; readonly list: Promise<readonly PullRequest[]> }>();
  return (repository) => {
    const now = clock.now().getTime();
    const before = lists.get(repository);
    if (before !== undefined && now - before.at < sharedMs) return before.list;
    const list = host.listOpen(repository);
    lists.set(repository, { at: now, list });
    list.catch(() => lists.delete(repository));
    return list;
  };
};
