import type { Config } from '../../config/config.js';
import type { EnvironmentSpec } from '../../model/environment.js';
import type { Manifest } from '../../model/manifest.js';
import { podSecurityVersion } from '../../model/pods.js';
import { frameObject } from './object.js';

/** The namespace, as an ordinary object: one that a sync option made would survive removal. In the lowest wave, it goes last. */
export const namespace = (spec: EnvironmentSpec, config: Config): Manifest => {
  const level = config.policy.podSecurity;
  return frameObject(
    { apiVersion: 'v1', kind: 'Namespace' },
    {
      name: spec.name,
      labels: {
        ...config.cluster.namespaceLabels,
        'app.kubernetes.io/managed-by': 'bivouac',
        'bivouac.dev/application': spec.application,
        'bivouac.dev/environment': spec.environment,
        'pod-security.kubernetes.io/enforce': level,
        'pod-security.kubernetes.io/enforce-version': podSecurityVersion,
        'pod-security.kubernetes.io/warn': level,
        'pod-security.kubernetes.io/audit': level,
      },
      annotations: { 'argocd.argoproj.io/sync-wave': '-100' },
    },
  );
};
