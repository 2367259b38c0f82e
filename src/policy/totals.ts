import { type Amounts, type resourceNames } from './budget.js';
import type { PlacedContainer, PlacedPod } from './pods.js';
import { parseQuantity, type Quantity } from '../model/quantity.js';
import type { PolicyObject } from './rule.js';
import { viewAs } from './view.js';

/** What all objects together ask of the namespace's quota. */
export interface Totals {
  readonly requests: Amounts;
  readonly limits: Amounts;
  readonly storage: Quantity;
  readonly pods: bigint;
}

/** Counts as the quota does: every replica and every Job, suspended schedules not at all. */
export const totalsOf = (objects: readonly PolicyObject[]): Totals => {
  const pods = objects.flatMap((object) => object.pods.map((pod) => ({ pod, count: copiesOf(object, objects) })));
  const sum = (side: 'requests' | 'limits'): Amounts => {
    const of = (name: (typeof resourceNames)[number]): Quantity =>
      pods.reduce((total, { pod, count }) => total + amountOf(pod, { side, name }) * count, 0n);
    return { cpu: of('cpu'), memory: of('memory') };
  };
  return {
    requests: sum('requests'),
    limits: sum('limits'),
    storage: objects.reduce((total, object) => total + storageOf(object, objects), 0n),
    pods: pods.reduce((total, { count }) => total + count, 0n),
  };
};

/** Pods that an object has at most. */
const copiesOf = ({ manifest }: PolicyObject, objects: readonly PolicyObject[]): bigint => {
  const cronJob = viewAs(manifest, 'CronJob');
  if (cronJob) return cronJob.spec?.suspend ? 0n : whole(cronJob.spec?.jobTemplate?.spec?.parallelism);
  const job = viewAs(manifest, 'Job');
  if (job) return whole(job.spec?.parallelism);
  const replicas = (viewAs(manifest, 'Deployment') ?? viewAs(manifest, 'StatefulSet'))?.spec?.replicas;
  const scaled = objects.flatMap((object) => {
    const { scaleTargetRef, maxReplicas } = viewAs(object.manifest, 'HorizontalPodAutoscaler')?.spec ?? {};
    const isTarget = scaleTargetRef?.kind === manifest.kind && scaleTargetRef.name === manifest.metadata.name;
    return isTarget ? [whole(maxReplicas)] : [];
  });
  return [whole(replicas), ...scaled].reduce((most, each) => (each > most ? each : most));
};

const whole = (count: number | null | undefined): bigint => BigInt(Math.max(0, Math.ceil(count ?? 1)));

interface Resource {
  readonly side: 'requests' | 'limits';
  readonly name: (typeof resourceNames)[number];
}

/** A pod's: all containers together, or the most that its start takes (init containers run one by one, beside earlier sidecars). */
const amountOf = ({ containers }: PlacedPod, resource: Resource): Quantity => {
  const of = ({ container }: PlacedContainer): Quantity =>
    parseQuantity(container.resources?.[resource.side]?.[resource.name] ?? '') ?? 0n;
  let running = 0n;
  let start = 0n;
  for (const init of containers.filter(({ list }) => list === 'initContainers')) {
    if (running + of(init) > start) start = running + of(init);
    if (init.container.restartPolicy === 'Always') running += of(init);
  }
  for (const container of containers.filter(({ list }) => list === 'containers')) running += of(container);
  return running > start ? running : start;
};

const storageOf = (object: PolicyObject, objects: readonly PolicyObject[]): Quantity => {
  const claim = viewAs(object.manifest, 'PersistentVolumeClaim');
  const templates = viewAs(object.manifest, 'StatefulSet')?.spec?.volumeClaimTemplates ?? [];
  const own = parseQuantity(claim?.spec?.resources?.requests?.['storage'] ?? '') ?? 0n;
  const each = templates
    .map(({ spec }) => parseQuantity(spec?.resources?.requests?.['storage'] ?? '') ?? 0n)
    .reduce((total, size) => total + size, 0n);
  return own + each * (templates.length > 0 ? copiesOf(object, objects) : 0n);
};
