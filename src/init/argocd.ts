import type { Application, Config } from '../config/config.js';
import { applicationSet } from '../controllers/argocd/application-set.js';
import { notifications } from '../controllers/argocd/notifications.js';
import { appProject } from '../controllers/argocd/project.js';
import type { InitFile } from './file.js';
import { printObject, printObjects, type Remark } from './yaml.js';

export interface GitOpsOptions {
  /** Whether Argo CD itself sets commit statuses. @default false */
  readonly notifications?: boolean;
}

/** `argocd/<application>.yaml` for each application, and Argo CD's notifications where they are asked for. */
export const argocdFiles = (config: Config, options: GitOpsOptions): readonly InitFile[] => [
  ...[...config.applications.values()].map((application) => applicationFile(application, config, options)),
  ...(options.notifications === true ? [notificationsFile(config)] : []),
];

export const written =
  'Written by `bivouac init gitops` from bivouac.yaml: change that and run it again rather than edit this.';

const applicationFile = (application: Application, config: Config, options: GitOpsOptions): InitFile => {
  const path = `argocd/${application.name}.yaml`;
  return {
    path,
    ownership: 'whole',
    applied: true,
    text: printObjects(
      [
        written,
        `What an administrator applies for the application ${application.name}, now and after each change: kubectl apply -f ${path}`,
        'Never let Argo CD sync it from this repository: whoever can write environments here could widen it.',
        'Apply it once the branch has a commit: on an empty repository the set fails, and looks again three minutes later.',
        'Argo CD 3.3 or newer keeps the names of Namespaces (clusterResourceWhitelist[].name); older ones let any pass.',
      ],
      [
        printObject(appProject(application, config), projectRemarks(application)),
        printObject(applicationSet(application, config, options), setRemarks),
      ],
    ),
  };
};

const projectRemarks = ({ name }: Application): readonly Remark[] => [
  { at: ['spec', 'destinations', 0], text: `'${name}-*' would be ${name}-production, too` },
  { at: ['spec', 'namespaceResourceWhitelist', 0], text: 'widen this list before policy.kinds, narrow it after' },
  { at: ['spec', 'roles', 0, 'name'], text: 'for `bivouac wait`: it may look, and nothing else' },
];

const setRemarks: readonly Remark[] = [
  { at: ['spec', 'template', 'metadata', 'finalizers'], text: 'without it the namespace would stay behind' },
  {
    at: ['spec', 'template', 'metadata', 'annotations', 'argocd.argoproj.io/compare-options'],
    text: 'else a change that the cluster refuses ends as Synced',
  },
  {
    at: ['spec', 'template', 'spec', 'project'],
    text: 'literal: templated, whoever can push would choose the project',
  },
];

/** An application's name never begins with `argocd`. */
const notificationsFile = (config: Config): InitFile => ({
  path: 'argocd/argocd-notifications-cm.yaml',
  ownership: 'whole',
  applied: true,
  text: printObjects(
    [
      written,
      'Sets a commit status on the pull request’s head where no job can reach Argo CD to wait for it. An administrator applies it:',
      'kubectl apply --server-side --field-manager bivouac -f argocd/argocd-notifications-cm.yaml (what else is in this ConfigMap stays)',
      'It needs a GitHub App that may write commit statuses on the application’s repositories, and in the Secret argocd-notifications-secret',
      'its github-appID, github-installationID and github-privateKey. Never let Argo CD sync it from this repository.',
    ],
    [printObject(notifications(config))],
  ),
});
