import type { CodeHost, Labels } from '../../src/forges/port.js';
import { refusedError } from '../../src/model/errors.js';
import type { PullRequest } from '../../src/model/pull-request.js';

/** A code host in memory: pull requests by number, files of head commits by path. */
export interface MemoryHost extends CodeHost, Labels {
  readonly pulls: Map<number, PullRequest>;
  readonly files: Map<string, string>;
  /** Called before each reading of a pull request, with its number from 1: throw, or change something meanwhile. */
  beforeRead: ((reading: number) => void) | undefined;
  readonly counts: { reads: number; lists: number };
}

export const memoryHost = (...open: readonly PullRequest[]): MemoryHost => {
  const pulls = new Map<number, PullRequest>(open.map((each) => [each.number, each]));
  const files = new Map<string, string>();
  const counts = { reads: 0, lists: 0 };
  const find = (number: number): PullRequest => {
    const pull = pulls.get(number);
    if (pull === undefined) throw refusedError('CodeHostNotFound', `there is no pull request ${number}`);
    return pull;
  };
  const label = (number: number, change: (labels: readonly string[]) => readonly string[]): void => {
    pulls.set(number, { ...find(number), labels: change(find(number).labels) });
  };
  const host: MemoryHost = {
    pulls,
    files,
    counts,
    beforeRead: undefined,
    read: (ref) =>
      Promise.resolve().then(() => {
        counts.reads += 1;
        host.beforeRead?.(counts.reads);
        return find(ref.number);
      }),
    changedFiles: () => Promise.resolve([]),
    listOpen: () => {
      counts.lists += 1;
      return Promise.resolve([...pulls.values()].filter(({ state }) => state === 'open'));
    },
    readFile: ({ path, commit }) => Promise.resolve(files.get(`${commit}:${path}`)),
    resolve: () => Promise.reject(new Error('nothing to resolve')),
    approvals: () => Promise.resolve([]),
    isOnBranch: () => Promise.resolve(true),
    permission: () => Promise.resolve('none'),
    add: (ref, name) => Promise.resolve(label(ref.number, (labels) => [...new Set([...labels, name])])),
    remove: (ref, name) => Promise.resolve(label(ref.number, (labels) => labels.filter((each) => each !== name))),
  };
  return host;
};
