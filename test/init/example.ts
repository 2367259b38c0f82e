import type { Config } from '../../src/config/config.js';
import { aConfig } from '../synth/builders.js';

/** The reference platform with a GitOps repository that a cluster can read: what examples/ is made from. */
export const exampleConfig = (kind: Config['controller']['kind'] = 'argocd', changes: Partial<Config> = {}): Config => {
  const base = aConfig();
  return aConfig({
    gitops: { ...base.gitops, repository: 'https://github.com/acme/gitops.git' },
    controller: { kind },
    ...changes,
  });
};
