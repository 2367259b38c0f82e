import type { Config } from '../../config/config.js';
import type { Manifest } from '../../model/manifest.js';
import { fluxSource } from './kustomization.js';

/**
 * Flux's two objects: the GitOps repository, and the Kustomization that applies `flux/`, where each environment has one of its own.
 * The Secret that they name holds a key or token that reads.
 */
export const fluxObjects = ({ gitops }: Pick<Config, 'gitops'>): readonly Manifest[] => [
  {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'GitRepository',
    metadata: { name: fluxSource.name, namespace: fluxSource.namespace },
    spec: {
      interval: '1m',
      url: fluxUrl(gitops.repository),
      ref: { branch: gitops.branch },
      secretRef: { name: fluxSource.name },
    },
  },
  {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name: fluxSource.name, namespace: fluxSource.namespace },
    spec: {
      interval: '10m',
      path: './flux',
      prune: true,
      sourceRef: { kind: 'GitRepository', name: fluxSource.name },
    },
  },
];

/** Flux takes `ssh://git@host/acme/gitops.git` and not the short form with a colon. */
export const fluxUrl = (address: string): string => {
  const short = /^((?:[^/:@]+@)?[^/:]+):(?!\/\/)\/?(.+)$/.exec(address);
  return short === null ? address : `ssh://${short[1]}/${short[2]}`;
};
