import type { Config } from '../config/config.js';
import { userError } from '../model/errors.js';
import { argocdFiles, type GitOpsOptions } from './argocd.js';
import type { InitFile } from './file.js';
import { fluxFiles } from './flux.js';
import { environmentsReadme, repositoryReadme } from './readme.js';

/**
 * Everything that a GitOps repository starts with: what an administrator applies to the cluster, and what tells people what this is.
 * @throws UserError GitOpsNotReachable, NotificationsUnsupported
 */
export const gitopsFiles = (config: Config, options: GitOpsOptions = {}): readonly InitFile[] => {
  assertReachable(config);
  if (options.notifications === true) assertNotifications(config);
  const { kind } = config.controller;
  return [
    { path: 'README.md', ownership: 'whole', text: repositoryReadme(config) },
    { path: '.gitattributes', ownership: 'lines', text: attributes[kind] },
    { path: 'environments/README.md', ownership: 'whole', text: environmentsReadme },
    ...(kind === 'flux' ? fluxFiles(config) : argocdFiles(config, options)),
  ];
};

/** Reviews fold what is generated. */
const attributes = {
  argocd: 'environments/** linguist-generated\n',
  flux: 'environments/** linguist-generated\nflux/** linguist-generated\n',
} as const;

const assertReachable = ({ gitops, file }: Config): void => {
  if (/^(?:\/|[A-Za-z]:[\\/]|\\\\)/.test(gitops.repository))
    throw userError('GitOpsNotReachable', 'gitops.repository is a path on this disk: no cluster can read it', {
      where: file ?? 'the embedded default',
      remedy: 'Set it to the repository’s address, e.g. https://github.com/acme/gitops.git.',
    });
};

const assertNotifications = ({ controller, forge }: Config): void => {
  if (controller.kind === 'argocd' && forge.kind === 'github') return;
  throw userError('NotificationsUnsupported', 'commit statuses are set by Argo CD on GitHub alone in this version', {
    where: controller.kind === 'argocd' ? 'forge.kind' : 'controller.kind',
    remedy: 'Leave --notifications away.',
  });
};
