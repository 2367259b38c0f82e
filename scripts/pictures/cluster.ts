import type { Controller } from '../../src/controllers/port.js';
import { remedyOf } from '../../src/controllers/kubernetes/remedies.js';
import type { Cause, DeploymentStatus, RemainingPart, Remains } from '../../src/model/deployment.js';

const name = 'shop-pr-42';

/** A cluster that shows one reading after the other, the last one for ever. */
const playing = (statuses: readonly DeploymentStatus[], remains: readonly Remains[]): Controller => {
  let [status, rest] = [0, 0];
  return {
    status: () => Promise.resolve(statuses[Math.min(status++, statuses.length - 1)]!),
    remains: () => Promise.resolve(remains[Math.min(rest++, remains.length - 1)]!),
  };
};

const deploying = (...causes: readonly Cause[]): DeploymentStatus => ({
  phase: 'deploying',
  message: 'synced, not healthy yet: Progressing',
  causes,
});

const missingImage: Cause = {
  kind: 'ImagePull',
  component: 'api',
  object: 'Pod/api-6c9b7d5f48-x2vqz',
  message: 'Back-off pulling image (ghcr.io/acme/shop-api:1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d)',
  remedy: remedyOf('ImagePull', { object: 'Pod/api-6c9b7d5f48-x2vqz', namespace: name }),
};

const heldNamespace: Cause = {
  kind: 'Finalizer',
  object: 'ConfigMap/api-variables',
  message: 'Pending deletion; blocked by finalizers: acme.example/backup',
  remedy: remedyOf('Finalizer', { object: 'ConfigMap/api-variables', namespace: name }),
};

const left = (states: string): readonly RemainingPart[] =>
  (['Application', 'Namespace', 'PersistentVolume'] as const).map((kind, index) => ({
    kind,
    name: kind === 'PersistentVolume' ? 'pvc-5e0c2a7d' : name,
    presence: states[index] === '1' ? 'there' : 'gone',
  }));

const running: readonly DeploymentStatus[] = [
  deploying(),
  deploying(),
  { phase: 'ready', message: 'this commit is synced and healthy', causes: [] },
];

/** What the cluster shows, by what is told of it. */
export const clusters = {
  ready: () => playing(running, []),
  withoutImage: () => playing([deploying(missingImage)], []),
  slow: () => playing([deploying()], []),
  clearing: () =>
    playing(
      running,
      ['111', '111', '011', '000'].map((states) => ({ parts: left(states), causes: [] })),
    ),
  stuck: () => playing(running, [{ parts: left('111'), causes: [heldNamespace] }]),
} as const;
