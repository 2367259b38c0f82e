import { expect, test } from '@jest/globals';
import { parseDocument } from 'yaml';
import { projectKinds } from '../../src/controllers/argocd/project-kinds.js';
import { fluxKustomization } from '../../src/controllers/flux/kustomization.js';
import { environmentFiles } from '../../src/synth/environment.js';
import { aConfig, aDesired, shop } from '../synth/builders.js';

const base = aConfig();

test('the AppProject admits the built-in kinds, the configured ones and those of the frame, each once, and no cluster-scoped one', () => {
  const config = aConfig({
    policy: { ...base.policy, kinds: ['monitoring.coreos.com/PodMonitor', 'ConfigMap'] },
    cluster: {
      ...base.cluster,
      frame: [{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', metadata: { name: 'developers' } }],
    },
  });
  const names = projectKinds(config).map(({ group, kind }) => `${group}/${kind}`);
  expect(names).toEqual([...new Set(names)].sort());
  expect(names).toEqual(
    expect.arrayContaining([
      '/ConfigMap',
      '/Pod',
      'apps/ReplicaSet',
      'networking.k8s.io/NetworkPolicy',
      'monitoring.coreos.com/PodMonitor',
      'rbac.authorization.k8s.io/RoleBinding',
    ]),
  );
  expect(names).not.toContain('/Namespace');
  expect(projectKinds(base)).not.toContainEqual({ group: 'monitoring.coreos.com', kind: 'PodMonitor' });
});

test('Flux’s Kustomization applies the manifests of one environment, prunes and waits', () => {
  const { record } = environmentFiles({ desired: aDesired(), components: shop(), config: base });
  expect(parseDocument(fluxKustomization(record)).toJS()).toMatchObject({
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: {
      name: 'shop-pr-42',
      namespace: 'flux-system',
      annotations: {
        'event.toolkit.fluxcd.io/commit': '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d',
        'event.toolkit.fluxcd.io/change_request': '42',
        'event.toolkit.fluxcd.io/preview-url': 'https://shop-pr-42.preview.example.com',
      },
    },
    spec: {
      path: './environments/shop/pr-42/manifests',
      prune: true,
      wait: true,
      deletionPolicy: 'WaitForTermination',
    },
  });
});
