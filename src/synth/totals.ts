import type { Component, Manifest } from '../model/manifest.js';
import { parseQuantity, type Quantity } from '../model/quantity.js';
import { at, listAt, podTemplateOf } from './views.js';

/** Cores and bytes, exactly. */
export interface Totals {
  readonly pods: number;
  readonly requests: Amounts;
  readonly limits: Amounts;
  readonly storage: Quantity;
}

export interface Amounts {
  readonly cpu: Quantity;
  readonly memory: Quantity;
}

/** What the pods that stay ask for; Jobs end, and scheduled ones come and go. */
export const totalsOf = (components: readonly Component[]): Totals => {
  const all = components.flatMap(({ manifests }) => manifests.map(totalsOfOne));
  return {
    pods: all.reduce((total, { pods }) => total + pods, 0),
    requests: { cpu: sum(all, ({ requests }) => requests.cpu), memory: sum(all, ({ requests }) => requests.memory) },
    limits: { cpu: sum(all, ({ limits }) => limits.cpu), memory: sum(all, ({ limits }) => limits.memory) },
    storage: sum(all, ({ storage }) => storage),
  };
};

const totalsOfOne = (manifest: Manifest): Totals => {
  const stays = manifest.kind === 'Deployment' || manifest.kind === 'StatefulSet';
  const replicas = stays ? Number(at(manifest, 'spec', 'replicas') ?? 1) : 0;
  const containers = listAt(podTemplateOf(manifest), 'spec', 'containers');
  const amount = (what: 'requests' | 'limits', resource: string): Quantity =>
    BigInt(replicas) * sum(containers, (container) => amountOf(at(container, 'resources', what, resource)));
  return {
    pods: replicas,
    requests: { cpu: amount('requests', 'cpu'), memory: amount('requests', 'memory') },
    limits: { cpu: amount('limits', 'cpu'), memory: amount('limits', 'memory') },
    storage: storageOf(manifest),
  };
};

const storageOf = (manifest: Manifest): Quantity => {
  if (manifest.kind === 'PersistentVolumeClaim') return claim(manifest);
  return manifest.kind === 'StatefulSet' ? sum(listAt(manifest, 'spec', 'volumeClaimTemplates'), claim) : 0n;
};

const claim = (volume: unknown): Quantity => amountOf(at(volume, 'spec', 'resources', 'requests', 'storage'));

const sum = <Item>(items: readonly Item[], amount: (item: Item) => Quantity): Quantity =>
  items.reduce((total, item) => total + amount(item), 0n);

const amountOf = (text: unknown): Quantity =>
  typeof text === 'string' || typeof text === 'number' ? (parseQuantity(text) ?? 0n) : 0n;
