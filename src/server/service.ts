import type { KnownRepository, WebhookAdapter } from '../events/webhooks/webhooks.js';
import type { Item } from '../line/sweep.js';
import type { Clock } from '../model/clock.js';
import { isBivouacError } from '../model/errors.js';
import type { Outcome } from '../model/outcome.js';
import { printPullRequest, type PullRequestRef } from '../model/pull-request.js';
import type { Swept, Vain } from '../sweep.js';
import { type Delivery, type Hint, hintOf, mergeHints } from './hint.js';
import type { Receipt } from './http.js';
import type { Log } from './log.js';
import { errorFields, failureFields, reconcileFields, sweepFields } from './log-fields.js';
import type { Metrics } from './metrics.js';
import { keyedQueue, type Queue } from './queue.js';

export interface Wanted {
  /** What comments had changed before. */
  readonly commanded: readonly Outcome[];
  /** Called once Git has it. */
  readonly pushed: () => void;
  /** Has it reconciled once more, when its turn comes. */
  readonly again: () => void;
}

/** What one version of the platform can do. */
export interface Served {
  readonly webhooks: WebhookAdapter;
  readonly known: KnownRepository;
  /** The last part of its webhooks’ address. */
  readonly forge: string;
  /** Does what a comment asks for, up to the reconcile, which comes after it. Repeated, it changes nothing more. */
  command(ref: PullRequestRef, commentId: number, pushed: () => void): Promise<readonly Outcome[]>;
  /** Reads the pull request, and brings its environments to what is true. */
  reconcile(ref: PullRequestRef, wanted: Wanted): Promise<readonly Outcome[]>;
  /** The same for an environment without a pull request. */
  reconcileAlone(item: Item): Promise<readonly Outcome[]>;
  /** Pull requests whose environments may not have been seen to the end. */
  recent(): Promise<readonly PullRequestRef[]>;
  sweep(by: { readonly reconcile: (item: Item) => Promise<readonly Outcome[]>; readonly inVain: Vain }): Promise<Swept>;
}

export interface ServiceParts {
  readonly served: () => Served;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly inVain: Vain;
  /** @default 32 */
  readonly workers?: number;
}

export interface Service {
  receive(delivery: Delivery): Receipt;
  sweep(): Promise<void>;
  /** Goes on with what a process before this one, or another replica, may have left unwatched. */
  resume(): Promise<void>;
  readonly queue: Pick<Queue<Hint, unknown>, 'waiting' | 'running' | 'quarantined'>;
  /** Takes nothing more, ends what runs, at the latest at the deadline. */
  stop(deadlineMs: number): Promise<void>;
}

/** Hints in, reconciles out: keeps nothing that a restart, or another replica, would miss. */
export const serviceOf = (parts: ServiceParts): Service => {
  const { served, clock, log, metrics } = parts;
  const queue = keyedQueue<Hint, readonly Outcome[]>({
    work: (key, hint) =>
      workOn(hint, { ...parts, again: () => void queue.submit(key, { ref: hint.ref, comments: [] }) }),
    merge: mergeHints,
    clock,
    workers: parts.workers ?? 32,
    failed: (failure) => {
      metrics.count('bivouac_failures_total', { code: codeOf(failure.error) });
      log(failure.againIn === undefined ? 'error' : 'warn', 'failed', failureFields(failure));
    },
  });
  const reconcile = (item: Item): Promise<readonly Outcome[]> =>
    item.ref === undefined
      ? served().reconcileAlone(item)
      : queue.ask(printPullRequest(item.ref), { ref: item.ref, comments: [] });
  let sweeping = false;
  return {
    queue,
    receive: (delivery) => {
      const reading = hintOf(delivery, served());
      if (reading.kind !== 'hint') return reading;
      const hint = { ...reading.hint, since: clock.now().getTime() };
      return queue.submit(printPullRequest(hint.ref), hint) === 'accepted' ? { kind: 'accepted' } : { kind: 'busy' };
    },
    sweep: async () => {
      if (sweeping) return; // the one before takes its time
      sweeping = true;
      try {
        const swept = await served().sweep({ reconcile, inVain: parts.inVain });
        metrics.count('bivouac_sweeps_total', { result: swept.failures.length === 0 ? 'whole' : 'partial' });
        log(swept.failures.length === 0 ? 'info' : 'warn', 'swept', sweepFields(swept));
      } catch (error) {
        metrics.count('bivouac_sweeps_total', { result: 'failed' });
        log('error', 'sweep failed', { code: codeOf(error), message: error });
      } finally {
        sweeping = false;
      }
    },
    resume: async () => {
      try {
        for (const ref of await served().recent()) queue.submit(printPullRequest(ref), { ref, comments: [] });
      } catch (error) {
        log('warn', 'not resumed', errorFields(error));
      }
    },
    stop: async (deadlineMs) => {
      const dropped = await queue.stop(deadlineMs);
      log('info', 'stopped', { dropped, next: dropped === 0 ? '' : 'the next sweep finds what was dropped' });
    },
  };
};

const workOn = async (
  { ref, comments, since }: Hint,
  { served, clock, log, metrics, again }: ServiceParts & Pick<Wanted, 'again'>,
) => {
  let pushedMs: number | undefined;
  const pushed = (): void => {
    if (since === undefined) return;
    pushedMs = clock.now().getTime() - since;
    metrics.observe('bivouac_webhook_to_push_seconds', pushedMs / 1000);
  };
  const now = served();
  const { commanded, failures } = await runCommands(comments, (id) => now.command(ref, id, pushed));
  const outcomes = await now.reconcile(ref, { commanded, pushed, again });
  for (const outcome of outcomes) {
    metrics.count('bivouac_outcomes_total', { outcome: outcome.outcome });
    log('info', 'reconciled', { ...reconcileFields(ref, outcome), ...(pushedMs !== undefined && { pushedMs }) });
  }
  if (failures.length > 0) throw failures[0]; // the comments are tried again, all of them, in their order
  return outcomes;
};

/** One that fails stops nothing: neither the comments after it nor the reconcile. */
const runCommands = async (comments: readonly number[], run: (id: number) => Promise<readonly Outcome[]>) => {
  const commanded: Outcome[] = [];
  const failures: unknown[] = [];
  for (const id of comments) {
    try {
      commanded.push(...(await run(id)));
    } catch (error) {
      failures.push(error);
    }
  }
  return { commanded, failures };
};

/** A code of ours, from a short list; anything else is a mistake of ours. */
const codeOf = (error: unknown): string => (isBivouacError(error) ? error.code : 'InternalError');
