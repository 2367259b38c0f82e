import { expect, test } from '@jest/globals';
import type { Controller } from '../../src/controllers/port.js';
import type { Remains } from '../../src/model/deployment.js';
import { lookingBothWays } from '../../src/wait/both.js';
import { cause, expected, id, part, remains, status } from './script.js';

const looking = (left: Remains, phase: 'ready' | 'absent', page?: string): Controller => ({
  status: () => Promise.resolve(status(phase)),
  remains: () => Promise.resolve(left),
  ...(page !== undefined && { page: () => page }),
});

test('the API says what is ready, the cluster what the API can’t see; no cause twice', async () => {
  const api = remains(
    [part('Application', 'there'), part('Namespace', 'unread'), part('PersistentVolume', 'unread')],
    cause('SyncRunning'),
  );
  const cluster = remains(
    [part('Application', 'gone'), part('Namespace', 'there'), part('PersistentVolume', 'there', 'pvc-1')],
    cause('SyncRunning', 'in other words'),
    cause('Finalizer'),
  );
  const both = lookingBothWays(looking(api, 'ready', 'https://argocd.example.com'), looking(cluster, 'absent'));
  expect(await both.status(expected)).toMatchObject({ phase: 'ready' });
  expect(both.page?.(id)).toBe('https://argocd.example.com');
  expect(await both.remains(id)).toEqual({
    parts: [part('Application', 'there'), part('Namespace', 'there'), part('PersistentVolume', 'there', 'pvc-1')],
    causes: [cause('SyncRunning'), cause('Finalizer')],
  });
});
