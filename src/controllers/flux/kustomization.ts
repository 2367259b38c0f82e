import type { EnvironmentRecord } from '../../model/environment.js';
import { directoryOf } from '../../model/names.js';

/** Where Flux's own objects lie, and the GitRepository that they read. */
export const fluxSource = { namespace: 'flux-system', name: 'environments' } as const;

/**
 * `flux/<application>/<environment>.yaml`: the Kustomization that applies one environment. It comes and goes with the directory in one
 * commit; pruning waits until the objects are gone. The annotations are what Flux's notifications know the commit and address by.
 */
export const fluxKustomization = (record: EnvironmentRecord): string => `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: ${record.name}
  namespace: ${fluxSource.namespace}
  labels:
    app.kubernetes.io/managed-by: "bivouac"
    bivouac.dev/application: "${record.application}"
    bivouac.dev/environment: "${record.environment}"
  annotations:
    event.toolkit.fluxcd.io/commit: "${record.headSha}"
    event.toolkit.fluxcd.io/change_request: "${record.pullRequest}"
    event.toolkit.fluxcd.io/preview-url: "${record.url}"
spec:
  interval: 10m
  retryInterval: 1m
  timeout: 5m
  path: "./${directoryOf(record)}/manifests"
  prune: true
  wait: true
  deletionPolicy: WaitForTermination
  sourceRef:
    kind: GitRepository
    name: ${fluxSource.name}
`;
