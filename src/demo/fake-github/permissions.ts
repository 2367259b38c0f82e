import type { Permissions } from './state.js';

export interface Need {
  readonly kind: keyof Permissions;
  readonly level: 'read' | 'write';
}

type Row = readonly [methods: RegExp, path: RegExp, kind: keyof Permissions, level: Need['level']];

/** What each endpoint below `/repos/{owner}/{repo}` asks of a token, as GitHub documents it; the first row that fits. */
const table: readonly Row[] = [
  [/^GET$/, /^commits\/[^/]+\/status(es)?$/, 'statuses', 'read'],
  [/^POST$/, /^statuses\//, 'statuses', 'write'],
  [/^GET$/, /^deployments(\/|$)/, 'deployments', 'read'],
  [/^(POST|DELETE)$/, /^deployments(\/|$)/, 'deployments', 'write'],
  [/^GET$/, /^(contents|commits|compare)\//, 'contents', 'read'],
  [/^GET$/, /^(pulls|issues)(\/|$)/, 'pullRequests', 'read'],
  [/^(POST|PATCH|DELETE)$/, /^(pulls|issues)\//, 'pullRequests', 'write'],
];

/** Undefined: every token that sees the repository may ask. `path`: below the repository's own. */
export const needOf = (method: string, path: string): Need | undefined => {
  const row = table.find(([methods, paths]) => methods.test(method) && paths.test(path));
  return row === undefined ? undefined : { kind: row[2], level: row[3] };
};

export const isGranted = (permissions: Permissions, need: Need | undefined): boolean => {
  const granted = need === undefined ? undefined : permissions[need.kind];
  return need === undefined || granted === 'write' || granted === need.level;
};

/** `pull_requests=write`, as GitHub's header names what was missing. */
export const printNeed = ({ kind, level }: Need): string =>
  `${kind.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}=${level}`;
