import type { NetworkPolicySpec } from 'kubernetes-types/networking/v1.js';
import type { Manifest } from '../../model/manifest.js';
import { frameObject } from './object.js';

/** One policy of the frame, as plain data. */
export const networkPolicy = (namespace: string, name: string, spec: NetworkPolicySpec): Manifest =>
  frameObject({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' }, { name, namespace }, { spec });
