import type { Control } from './controls.js';
import {
  hostNamespaces,
  hostPathVolumes,
  hostPorts,
  hostProbes,
  hostProcess,
  privileged,
  procMount,
} from './node-access.js';
import { appArmor, capabilities, seccomp, seLinux, sysctls } from './profiles.js';

/** The `baseline` level, in the order of the standards' page. */
export const baseline: readonly Control[] = [
  hostProcess,
  hostNamespaces,
  privileged,
  capabilities,
  hostPathVolumes,
  hostPorts,
  hostProbes,
  appArmor,
  seLinux,
  procMount,
  seccomp,
  sysctls,
];
