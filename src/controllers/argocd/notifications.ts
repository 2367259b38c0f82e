import type { Config } from '../../config/config.js';
import type { Manifest } from '../../model/manifest.js';
import { argocdNamespace } from './project.js';

const triggers = ['bivouac-ready', 'bivouac-failed'] as const;

/** What an Application says so that Argo CD tells of it. */
export const subscriptions: Readonly<Record<string, string>> = Object.fromEntries(
  triggers.map((trigger) => [`notifications.argoproj.io/subscribe.${trigger}.github`, '']),
);

/**
 * Argo CD Notifications that set a commit status on the pull request's head, for clusters that no job can reach. Sent once for each
 * revision that was synced: the annotations change before that, so a trigger by them would tell of a commit that doesn't run yet.
 */
export const notifications = ({ forge, controller }: Config): Manifest => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'argocd-notifications-cm', namespace: argocdNamespace },
  data: {
    'service.github': serviceOf(forge.url),
    'template.bivouac-ready': template({ state: 'success', message: 'is ready', forge, controller }),
    'template.bivouac-failed': template({ state: 'failure', message: 'failed', forge, controller }),
    'trigger.bivouac-ready': trigger('bivouac-ready', ready),
    'trigger.bivouac-failed': trigger('bivouac-failed', failed),
  },
});

const ready = [
  "app.status?.operationState?.phase == 'Succeeded'",
  "app.status.sync.status == 'Synced'",
  "app.status.health.status == 'Healthy'",
].join(' and ');

const failed = "app.status?.operationState?.phase in ['Error', 'Failed'] or app.status?.health?.status == 'Degraded'";

const trigger = (name: string, when: string): string => `- when: ${when}
  oncePer: app.status?.operationState?.syncResult?.revision
  send: [${name}]
`;

const serviceOf = (url: string): string =>
  [
    'appID: $github-appID',
    'installationID: $github-installationID',
    'privateKey: $github-privateKey',
    ...(url === 'https://github.com' ? [] : [`enterpriseBaseURL: ${url}`]),
    '',
  ].join('\n');

interface Status extends Pick<Config, 'forge' | 'controller'> {
  readonly state: 'success' | 'failure';
  readonly message: string;
}

const annotation = (name: string): string => `{{ index .app.metadata.annotations "bivouac.dev/${name}" }}`;

/** Repository and commit are the application's: without them Argo CD would write on the GitOps repository's own commit. */
const template = ({
  state,
  message,
  forge,
  controller,
}: Status): string => `message: '{{ .app.metadata.name }} ${message}'
github:
  repoURLPath: '${forge.url}/${annotation('repository')}'
  revisionPath: '${annotation('head-sha')}'
  status:
    state: ${state}
    label: 'bivouac/{{ .app.metadata.name }}'
    targetURL: '${targetOf(state, controller)}'
`;

const targetOf = (state: Status['state'], { url }: Config['controller']): string =>
  state === 'success' || url === undefined
    ? annotation('url')
    : `${url}/applications/${argocdNamespace}/{{ .app.metadata.name }}`;
