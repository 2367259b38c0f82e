import type { LimitRangeSpec, ResourceQuotaSpec } from 'kubernetes-types/core/v1.js';
import type { Quota } from '../../config/config.js';
import type { Manifest } from '../../model/manifest.js';
import { budgetFactors } from '../../model/budget.js';
import { times } from '../../model/quantity.js';
import { frameObject } from './object.js';

/** What the whole environment may take: the preset's requests, four times the CPU and twice the memory as limits. */
export const resourceQuota = (namespace: string, quota: Quota): Manifest =>
  frameObject(
    { apiVersion: 'v1', kind: 'ResourceQuota' },
    { name: 'bivouac-quota', namespace },
    {
      spec: {
        hard: {
          'requests.cpu': quota.cpu,
          'limits.cpu': times(quota.cpu, budgetFactors.limits.cpu),
          'requests.memory': quota.memory,
          'limits.memory': times(quota.memory, budgetFactors.limits.memory),
          'requests.storage': quota.storage,
          persistentvolumeclaims: '5',
          pods: String(quota.pods),
          services: '20',
          'services.loadbalancers': '0',
          'services.nodeports': '0',
          secrets: '30',
          configmaps: '30',
          'count/ingresses.networking.k8s.io': '10',
          'count/jobs.batch': '20',
        },
      } satisfies ResourceQuotaSpec,
    },
  );

/** What one container gets unless it says otherwise, and the most that one may take. */
export const limitRange = (namespace: string, quota: Quota): Manifest =>
  frameObject(
    { apiVersion: 'v1', kind: 'LimitRange' },
    { name: 'bivouac-limits', namespace },
    {
      spec: {
        limits: [
          {
            type: 'Container',
            default: { cpu: '500m', memory: '256Mi', 'ephemeral-storage': '512Mi' },
            defaultRequest: { cpu: '50m', memory: '64Mi', 'ephemeral-storage': '64Mi' },
            max: {
              cpu: times(quota.cpu, budgetFactors.container.cpu),
              memory: times(quota.memory, budgetFactors.container.memory),
            },
          },
          { type: 'PersistentVolumeClaim', max: { storage: quota.storage } },
        ],
      } satisfies LimitRangeSpec,
    },
  );
