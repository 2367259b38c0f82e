import type { LocalObjectReference } from 'kubernetes-types/core/v1.js';
import type { Manifest } from '../../model/manifest.js';
import { workloadAccount } from '../../model/pods.js';
import { frameObject } from './object.js';

/** Without a token, and with the platform's pull secrets by name. */
export const serviceAccount = (namespace: string, pullSecrets: readonly string[]): Manifest =>
  frameObject(
    { apiVersion: 'v1', kind: 'ServiceAccount' },
    { name: workloadAccount, namespace },
    {
      automountServiceAccountToken: false,
      ...(pullSecrets.length > 0 && {
        imagePullSecrets: pullSecrets.map((name): LocalObjectReference => ({ name })),
      }),
    },
  );
