import { type Metrics, metricsOf } from './metrics.js';

/** What the gauges show when they are asked. */
export interface Gauges {
  readonly waiting: () => number;
  readonly running: () => number;
  readonly quarantined: () => number;
  /** 1: the newest version of the platform can't be used. */
  readonly platformBroken: () => number;
  readonly watched: () => number;
  /** Of the last read of the GitOps repository that succeeded; seconds since 1970, 0: none yet. */
  readonly lastRead: () => number;
  readonly residentBytes: () => number;
}

/** All that the service counts. */
export const serviceMetrics = (gauges: Gauges): Metrics =>
  metricsOf({
    bivouac_webhooks_total: { type: 'counter', help: 'Deliveries by forge and answer.' },
    bivouac_outcomes_total: { type: 'counter', help: 'What became of environments.' },
    bivouac_failures_total: { type: 'counter', help: 'Reconciles that failed, by code.' },
    bivouac_pushes_total: { type: 'counter', help: 'Pushes to the GitOps repository.' },
    bivouac_pushed_asks_total: { type: 'counter', help: 'Pull requests that those pushes were for.' },
    bivouac_sweeps_total: { type: 'counter', help: 'Sweeps, by how they ended.' },
    bivouac_webhook_to_push_seconds: { type: 'histogram', help: 'From the delivery to the push that was accepted.' },
    bivouac_observed_total: { type: 'counter', help: 'How environments ended in the cluster, by state.' },
    bivouac_push_to_ready_seconds: {
      type: 'histogram',
      help: 'From the push to the cluster that runs it, where no other event came between.',
    },
    bivouac_queue_waiting: { type: 'gauge', help: 'Pull requests that wait.', read: gauges.waiting },
    bivouac_queue_running: { type: 'gauge', help: 'Pull requests that are worked on.', read: gauges.running },
    bivouac_queue_quarantined: { type: 'gauge', help: 'Of those waiting: failed before.', read: gauges.quarantined },
    bivouac_watches: {
      type: 'gauge',
      help: 'Environments that are watched.',
      read: gauges.watched,
    },
    bivouac_platform_broken: {
      type: 'gauge',
      help: '1: the newest configuration or charts can’t be used.',
      read: gauges.platformBroken,
    },
    bivouac_gitops_read_timestamp_seconds: {
      type: 'gauge',
      help: 'Last read of the GitOps repository that succeeded.',
      read: gauges.lastRead,
    },
    process_resident_memory_bytes: { type: 'gauge', help: 'Memory in use.', read: gauges.residentBytes },
  });
