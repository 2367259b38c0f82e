import type { Config } from '../../config/config.js';
import type { Manifest } from '../../model/manifest.js';
import type { ApplicationName } from '../../model/names.js';
import { type Loose, notice, type Notice, type Reading } from '../notice.js';
import { applicationSet } from './application-set.js';
import { compareProject } from './installed-project.js';
import { compareSet, type RecordFact } from './installed-set.js';
import { judgeVersion } from './known-versions.js';
import { appProject } from './project.js';

/** What should be installed, and what the GitOps repository holds at this moment. */
export interface ExpectedArgoCd {
  readonly applications: readonly ExpectedApplication[];
  /** Absent: the repository couldn't be read. */
  readonly records?: readonly RecordFact[];
}

export interface ExpectedApplication {
  readonly name: ApplicationName;
  readonly project: Manifest;
  readonly set: Manifest;
}

/** What is installed, as far as it can be read. */
export interface InstalledArgoCd {
  readonly version: Reading<string>;
  /** Whether a secret for webhooks of the code host is set. */
  readonly webhook: Reading<boolean>;
  readonly applications: ReadonlyMap<ApplicationName, InstalledApplication>;
}

export interface InstalledApplication {
  readonly project: Reading<Loose>;
  readonly set: Reading<Loose>;
}

export const expectedArgoCd = (config: Config, records?: readonly RecordFact[]): ExpectedArgoCd => ({
  applications: [...config.applications.values()].map((application) => ({
    name: application.name,
    project: appProject(application, config),
    set: applicationSet(application, config),
  })),
  ...(records !== undefined && { records }),
});

/** What is installed against what this version expects: each difference, and everything that couldn't be looked at, with why. */
export const compareInstalled = (expected: ExpectedArgoCd, installed: InstalledArgoCd): readonly Notice[] => [
  ...looked({ check: 'Argo CD', name: 'its version' }, installed.version, judgeVersion),
  ...expected.applications.flatMap((application) => compareApplication(application, expected, installed)),
  ...(expected.records === undefined ? [notice.skipped('ApplicationSet', recordsUnread)] : []),
  ...looked({ check: 'webhook', name: 'whether a secret is set' }, installed.webhook, judgeWebhook),
];

const recordsUnread =
  'whether each record has the keys that it reads: not looked at, the GitOps repository can’t be read';

const compareApplication = (
  { name, project, set }: ExpectedApplication,
  { records = [] }: ExpectedArgoCd,
  { applications }: InstalledArgoCd,
): readonly Notice[] => {
  const there = applications.get(name);
  if (there === undefined) return [];
  return [
    ...looked({ check: 'AppProject', name: project.metadata.name }, there.project, (installed) =>
      compareProject(name, project, installed),
    ),
    ...looked({ check: 'ApplicationSet', name: set.metadata.name }, there.set, (installed) =>
      compareSet({ application: name, set }, installed, records),
    ),
  ];
};

const judgeWebhook = (set: boolean): readonly Notice[] =>
  set
    ? [notice.ok('webhook', 'Argo CD has a secret for the code host’s webhooks')]
    : [
        notice.problem(
          'webhook',
          'Argo CD has no secret for the code host’s webhooks: it sees a commit minutes later',
          'Set webhook.github.secret (gitlab, gogs) in the Secret argocd-secret, and add both webhooks to the GitOps repository: Argo CD’s /api/webhook and the ApplicationSet controller’s own.',
        ),
      ];

const looked = <Value>(
  { check, name }: { readonly check: string; readonly name: string },
  reading: Reading<Value>,
  judge: (value: Value) => readonly Notice[],
): readonly Notice[] => {
  if ('unread' in reading) return [notice.skipped(check, `${name}: not looked at, ${reading.unread}`)];
  if (reading.value !== undefined) return judge(reading.value);
  return [
    notice.problem(check, `${name} isn’t installed`, 'As an administrator: bivouac init gitops | kubectl apply -f -'),
  ];
};
