import type { Cause, CauseKind } from '../../model/deployment.js';
import { componentOf, type NamedObject } from './component.js';
import { meaningOf } from './refusals.js';
import { remedyOf } from './remedies.js';
import { cut } from './words.js';
import { chainOf, isLeftover, printWorkload, type Workload } from './workload.js';

export interface Environs {
  readonly namespace: string;
  /** References that the manifests name: pods of others are leftovers. */
  readonly images: readonly string[];
  /** All objects, for the names of components. */
  readonly objects: readonly NamedObject[];
}

interface Finding {
  readonly kind: CauseKind;
  readonly workload: Workload;
  readonly message: string;
}

/** Why workloads don't become healthy: one cause an owner, the most telling one, of the present commit only. */
export const workloadCauses = (workloads: readonly Workload[], environs: Environs): readonly Cause[] => {
  const present = workloads.filter(
    (each) => each.health !== 'healthy' && !isLeftover(each, workloads, environs.images),
  );
  const findings = present.flatMap((each) => findingOf(each, workloads) ?? []);
  const told = new Map<string, Finding>();
  for (const finding of findings.sort((a, b) => rank(a) - rank(b))) {
    const top = printWorkload(topOf(finding.workload, workloads));
    if (!told.has(top)) told.set(top, finding);
  }
  return [...told.values()].map((finding) => causeOf(finding, workloads, environs));
};

const topOf = (workload: Workload, all: readonly Workload[]): Workload => chainOf(workload, all).at(-1) ?? workload;

/** A Deployment's own words (“exceeded its progress deadline”) say least. */
const rank = ({ kind }: Finding): number => (kind === 'Degraded' ? 1 : 0);

const findingOf = (workload: Workload, all: readonly Workload[]): Finding | undefined => {
  const { kind, health, message, reason = '', warnings, isUnscheduled = false } = workload;
  const refusal = [message, ...warnings].find((text) => isRefusal(meaningOf(text)));
  if (refusal !== undefined)
    return { kind: meaningOf(refusal) ?? 'Degraded', workload: topOf(workload, all), message: refusal };
  if (kind === 'Job') return health === 'degraded' ? jobFailed(workload, all) : undefined;
  if (kind === 'Pod' && workload.owner?.kind === 'Job' && health === 'degraded' && !isWaiting(reason)) return undefined;
  if (/ImagePull|ErrImage|InvalidImageName/.test(reason))
    return { kind: 'ImagePull', workload, message: withImage(message === '' ? reason : message, workload) };
  if (isCrashing(workload, all)) return { kind: 'CrashLoop', workload, message: crashOf(workload) };
  if (isUnscheduled) {
    const why = [message, ...warnings].find((text) => /nodes? (?:are|is) available|unschedulable/i.test(text));
    return why === undefined ? undefined : { kind: 'Unschedulable', workload, message: why };
  }
  return health === 'degraded' ? { kind: 'Degraded', workload, message: said(message, reason) } : undefined;
};

/** Between two attempts, after a failed one, or running once more although its time is up. */
const isCrashing = (pod: Workload, all: readonly Workload[]): boolean =>
  pod.kind === 'Pod' &&
  (pod.reason === 'CrashLoopBackOff' ||
    /failed with exit code/.test(pod.message) ||
    ((pod.restarts ?? 0) > 0 && topOf(pod, all) !== pod && topOf(pod, all).health === 'degraded'));

const crashOf = ({ message, reason, restarts = 0 }: Workload): string =>
  message !== '' ? message : (reason ?? `started anew ${restarts} times, and not ready`);

const isRefusal = (kind: CauseKind | undefined): boolean => kind === 'Quota' || kind === 'PodSecurity';

const isWaiting = (reason: string): boolean => /ImagePull|ErrImage|InvalidImageName|CrashLoopBackOff/.test(reason);

const said = (message: string, reason: string): string => [reason, message].filter((part) => part !== '').join(': ');

/** The pod's words name container and exit code, the Job's only that it gave up. */
const jobFailed = (job: Workload, all: readonly Workload[]): Finding => {
  const pod = all.find((each) => each.kind === 'Pod' && each.owner?.name === job.name && each.health === 'degraded');
  const parts = [job.message, pod?.message ?? ''].filter((part) => part !== '');
  return { kind: 'JobFailed', workload: job, message: parts.join(': ') };
};

/** A kubelet names the image, mostly. */
const withImage = (message: string, { images }: Workload): string =>
  images.length === 0 || images.some((image) => message.includes(image))
    ? message
    : `${message} (${images.join(', ')})`;

const causeOf = ({ kind, workload, message }: Finding, all: readonly Workload[], environs: Environs): Cause => {
  const object = printWorkload(workload);
  const component = componentOf(topOf(workload, all), environs.objects);
  return {
    kind,
    ...(component === undefined ? {} : { component }),
    object,
    message: cut(message),
    remedy: remedyOf(kind, { object, namespace: environs.namespace }),
  };
};
