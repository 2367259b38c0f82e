import type { Config, Quota } from '../../config/config.js';
import type { EnvironmentSpec } from '../../model/environment.js';
import { userError } from '../../model/errors.js';
import type { Component, Manifest } from '../../model/manifest.js';
import { fences } from './fences.js';
import { ingressAccess } from './ingress.js';
import { isolation } from './isolation.js';
import { limitRange, resourceQuota } from './limits.js';
import { namespace } from './namespace.js';
import { serviceAccount } from './service-account.js';

/** What every environment has whatever its components: built from configuration, never by charts. */
export interface Frame {
  readonly namespace: Manifest;
  /** Quota, limits, account, policies, then the platform's own objects. */
  readonly objects: readonly Manifest[];
}

/** @throws UserError UnknownPreset */
export const frameOf = (spec: EnvironmentSpec, components: readonly Component[], config: Config): Frame => {
  const quota = quotaOf(spec, config);
  const { ingressNamespace, imagePullSecrets, egress, frame } = config.cluster;
  return {
    namespace: namespace(spec, config),
    objects: [
      resourceQuota(spec.name, quota),
      limitRange(spec.name, quota),
      serviceAccount(spec.name, imagePullSecrets),
      ...isolation(spec.name, egress),
      ...ingressAccess(spec.name, components, ingressNamespace),
      ...fences(spec.name, components),
      ...frame.map((object) => ({ ...object, metadata: { ...object.metadata, namespace: spec.name } })),
    ],
  };
};

const quotaOf = ({ preset }: EnvironmentSpec, { presets }: Config): Quota => {
  const found = presets.get(preset);
  if (found === undefined)
    throw userError('UnknownPreset', `the preset "${preset}" isn’t configured`, {
      remedy: `Use one of ${[...presets.keys()].join(', ')}, or define it under presets in bivouac.yaml.`,
    });
  return found.quota;
};
