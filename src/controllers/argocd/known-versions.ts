import { notice, type Notice } from '../notice.js';

type Version = readonly [major: number, minor: number, patch: number];

interface Weakness {
  /** Both ends included. */
  readonly versions: readonly (readonly [from: Version, to: Version])[];
  readonly text: string;
  readonly remedy: string;
}

const any = 9999;

/** What is known against versions of Argo CD, each by its own sources; the newest of all is no weakness of its own. */
const weaknesses: readonly Weakness[] = [
  {
    versions: [
      [
        [2, 11, 0],
        [2, 11, 3],
      ],
    ],
    text: 'removes environments when one record can’t be read (argo-cd #18212)',
    remedy: 'Update at once, to 3.3 or newer: this version is not to be used with Bivouac.',
  },
  {
    versions: [
      [
        [0, 0, 0],
        [2, 13, any],
      ],
    ],
    text: 'is older than what Bivouac supports (2.14 and newer)',
    remedy: 'Update to 3.3 or newer.',
  },
  {
    versions: [
      [
        [2, 14, 0],
        [3, 2, any],
      ],
    ],
    text: 'doesn’t enforce the names of Namespaces in a project: who can write environments can deploy any Namespace',
    remedy: 'Update to 3.3 or newer, or keep Namespaces by an admission policy of the cluster.',
  },
  {
    versions: [
      [
        [3, 4, 0],
        [3, 4, 4],
      ],
    ],
    text: 'can leave out a commit that arrives while it syncs (argo-cd #27875)',
    remedy: 'Update to 3.4.5 or 3.5.',
  },
  {
    versions: [
      [
        [0, 0, 0],
        [2, 13, 8],
      ],
      [
        [2, 14, 0],
        [2, 14, 15],
      ],
      [
        [3, 0, 0],
        [3, 0, 13],
      ],
      [
        [3, 1, 0],
        [3, 1, 1],
      ],
    ],
    text: 'hands repository credentials to whoever may read a project, as the role “status” may (CVE-2025-55190)',
    remedy: 'Update to 3.1.2, 3.0.14, 2.14.16 or newer, and change these credentials.',
  },
  {
    versions: [
      [
        [0, 0, 0],
        [2, 11, 12],
      ],
      [
        [2, 12, 0],
        [2, 12, 9],
      ],
      [
        [2, 13, 0],
        [2, 13, 3],
      ],
    ],
    text: 'can show Secret values in errors (CVE-2025-23216)',
    remedy: 'Update to 3.3 or newer.',
  },
];

const check = 'Argo CD';

/** `v3.6.1+abc` or an image's tag, against what is known. */
export const judgeVersion = (text: string): readonly Notice[] => {
  const [, major, minor, patch] = /^v?(\d+)\.(\d+)\.(\d+)/.exec(text) ?? [];
  if (patch === undefined) return [notice.skipped(check, `its version can’t be told from “${text.slice(0, 60)}”`)];
  const version: Version = [Number(major), Number(minor), Number(patch)];
  const found = weaknesses.filter(({ versions }) =>
    versions.some(([from, to]) => compare(from, version) <= 0 && compare(version, to) <= 0),
  );
  const name = version.join('.');
  if (found.length === 0) return [notice.ok(check, `version ${name}`)];
  return found.map(({ text: what, remedy }) => notice.problem(check, `version ${name} ${what}`, remedy));
};

const compare = (a: Version, b: Version): number => a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
