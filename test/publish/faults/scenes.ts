import type { Scene } from './world.js';

const created = { name: 'app-0/pr-50', version: '2' };
const updated = { name: 'app-0/pr-1', version: '2' };
const removed = { name: 'app-0/pr-1' };

export const scenes = {
  create: { name: 'create', environments: 9, wishes: [created] },
  update: { name: 'update', environments: 9, wishes: [updated] },
  remove: { name: 'remove', environments: 9, wishes: [removed] },
  first: { name: 'first environment ever', environments: 0, wishes: [created] },
  two: {
    name: 'two environments in one push',
    environments: 9,
    wishes: [updated, { name: 'app-2/pr-50', version: '2' }],
  },
  queued: { name: 'create by the queue', environments: 9, wishes: [created], contended: true },
  removedByQueue: { name: 'remove by the queue', environments: 9, wishes: [removed], contended: true },
  twoByQueue: {
    ...{ name: 'two by the queue', environments: 9, contended: true },
    wishes: [updated, { name: 'app-2/pr-50', version: '2' }],
  },
} as const satisfies Record<string, Scene>;
